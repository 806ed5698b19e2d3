/**
 * The provider's bindings in the CDK's other languages, which `cdktf get` generates from the
 * installed provider, and the programs in examples/languages that use them. Python and Go run here;
 * they have to be on PATH. Nothing asks a Terraform registry.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { CDKS, CDKTF_CLI, install } from "../package/consumer.js";
import { clis, describeForEachCli, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const EXAMPLES = join(ROOT, "examples/languages");

/** The import in each language's program. */
const BINDINGS = {
  python: "imports/polyai/webhook_secret/__init__.py",
  go: "generated/polyai/polyai/webhooksecret/WebhookSecret.go",
  java: "src/main/java/imports/polyai/webhook_secret/WebhookSecret.java",
  csharp: "imports/polyai/polyai/WebhookSecret/WebhookSecret.cs",
} as const;
type Language = keyof typeof BINDINGS;

const simulator = simulatorForAll();
let machine: Machine;
beforeAll(async () => {
  machine = new Machine({
    // pip, Go and their like need these to reach their registries.
    ...process.env,
    HTTPS_PROXY: process.env.HTTPS_PROXY,
    HOME: "~",
    XDG_CONFIG_HOME: "",
    XDG_DATA_HOME: "",
    CI: "true",
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1",
    TF_CLI_CONFIG_FILE: "~/cli.tfrc",
    GOFLAGS: "-mod=mod -modcacherw",
    GOPATH: "~/go",
    TERRAFORM_BINARY_NAME: clis()[0]!.path,
    ...accessTo(simulator()),
  });
  await machine.json(["install"]);
});

type Cdk = keyof typeof CDKS;

/** The programs that run here, each with its CDK. */
const PROGRAMS = [
  ["python", "cdktf"],
  ["python", "cdktn"],
  ["go", "cdktf"],
] as const satisfies readonly (readonly [Language, Cdk])[];

/** A copy of the language's example, with its bindings made by the command that the guide shows. */
async function getBindings(language: Language, cdk: Cdk = "cdktf"): Promise<string> {
  const project = temporaryFolder();
  cpSync(join(EXAMPLES, language), project, { recursive: true });
  if (cdk === "cdktn") {
    for (const file of ["main.py", "requirements.txt"]) {
      const text = readFileSync(join(project, file), "utf8");
      const others = text.replace(`cdktf==${CDKS.cdktf.version}`, `cdktn==${CDKS.cdktn.version}`);
      writeFileSync(join(project, file), others.replaceAll("cdktf", "cdktn"));
    }
  }
  const [node, cli] = await command(cdk);
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;
  await machine.shell(`cd ${project} && ${node} ${cli} get`, { PATH });
  if (cdk === "cdktn") await machine.shell(`cd ${project}\n${MENDING}`);
  return project;
}

/** The guide's setting for the Python bindings of cdktn 0.24. */
const [MENDING = "exit 9"] =
  /^perl -pi -e .*$/m.exec(readFileSync(join(ROOT, "docs/guides/other-languages.md"), "utf8")) ??
  [];

/** The CLI, and a Node that it runs on. */
async function command(cdk: Cdk): Promise<readonly [node: string, cli: string]> {
  if (cdk === "cdktf") return CDKTF_CLI;
  const cli = `cdktn-cli@${CDKS.cdktn.version}`;
  const tools = join(await install("node@22.23.3", cli), "node_modules");
  return [join(tools, ".bin/node"), join(tools, "cdktn-cli/bundle/bin/cdktn.js")];
}

it.each(["java", "csharp"] as const)("cdktf get makes bindings for %s", async (language) => {
  const project = await getBindings(language);
  const text = readFileSync(join(project, BINDINGS[language]), "utf8");
  expect(text).toMatch(/public class WebhookSecret\b/);
});

/** The commands that make each language's program ready, in its folder. */
const PREPARE = {
  python: `python3 -m venv venv
venv/bin/python3 -m pip install --quiet --requirement requirements.txt`,
  go: "go mod tidy",
};

describe.each(PROGRAMS)("a program in %s with %s", (language, cdk) => {
  let project: string;

  beforeAll(async () => {
    project = await getBindings(language, cdk);
    expect(existsSync(join(project, BINDINGS[language]))).toBe(true);
    await machine.shell(`cd ${project}\n${PREPARE[language]}`);
  }, 600_000);

  describeForEachCli((cli) => {
    it("synthesizes a stack that rotates the secret", async () => {
      const { id } = await simulator().createEndpoint();
      const { app } = JSON.parse(readFileSync(join(project, "cdktf.json"), "utf8")) as {
        app: string;
      };
      const run = temporaryFolder();
      const env = {
        CDKTF_OUTDIR: join(run, "cdktf.out"),
        POLYAI_ENDPOINT_ID: id,
        PATH: `${join(project, "venv/bin")}${delimiter}${process.env.PATH ?? ""}`,
      };
      mkdirSync(env.CDKTF_OUTDIR);
      // The other CLI's, from its turn.
      rmSync(join(project, "terraform.alerts.tfstate"), { force: true });
      await machine.shell(`cd ${project} && ${app}`, env);
      const { stdout } = await machine.shell(
        `cd ${run}/cdktf.out/stacks/alerts
${cli.path} init -input=false >&2
${cli.path} apply -input=false -auto-approve >&2
${cli.path} output -raw signing_secret`,
        env,
      );
      expect(stdout).toBe(simulator().currentSecret(id));
      expect(simulator().rotations(id)).toBe(1);
    }, 300_000);
  });
});
