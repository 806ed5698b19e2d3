/**
 * The provider's bindings in the CDK's other languages, which `cdktf get` generates from the
 * installed provider, and the programs in examples/languages that use them. Python and Go run here;
 * they have to be on PATH. Nothing asks a Terraform registry.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type Cdk, CDKS, CDKTF_CLI, cdktnCli } from "../package/consumer.js";
import { clis, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const EXAMPLES = join(ROOT, "examples/languages");

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

/** A copy of the language's example, with its bindings made by the command that the guide shows. */
async function getBindings(language: string, cdk: Cdk = "cdktf"): Promise<string> {
  const project = temporaryFolder();
  cpSync(join(EXAMPLES, language), project, { recursive: true });
  if (cdk === "cdktn") {
    for (const file of ["main.py", "requirements.txt"]) {
      const text = readFileSync(join(project, file), "utf8");
      const others = text.replace(`cdktf==${CDKS.cdktf.version}`, `cdktn==${CDKS.cdktn.version}`);
      writeFileSync(join(project, file), others.replaceAll("cdktf", "cdktn"));
    }
  }
  const [node, cli] = cdk === "cdktf" ? CDKTF_CLI : await cdktnCli();
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;
  await machine.shell(`cd ${project} && ${node} ${cli} get`, { PATH });
  if (cdk === "cdktn") await machine.shell(`cd ${project}\n${MENDING}`);
  return project;
}

/** The guide's setting for the Python bindings of cdktn 0.24. */
const [MENDING = "exit 9"] =
  /^perl -pi -e .*$/m.exec(readFileSync(join(ROOT, "docs/guides/other-languages.md"), "utf8")) ??
  [];

it.each([
  ["java", "src/main/java/imports/polyai/webhook_secret/WebhookSecret.java"],
  ["csharp", "imports/polyai/polyai/WebhookSecret/WebhookSecret.cs"],
])("cdktf get makes bindings for %s", async (language, file) => {
  const project = await getBindings(language);
  expect(readFileSync(join(project, file), "utf8")).toMatch(/public class WebhookSecret\b/);
});

const PYTHON = `python3 -m venv venv
venv/bin/python3 -m pip install --quiet --requirement requirements.txt`;

it.each<[string, Cdk, string]>([
  ["python", "cdktf", PYTHON],
  ["python", "cdktn", PYTHON],
  ["go", "cdktf", "go mod tidy"],
])(
  "a program in %s with %s synthesizes a stack that rotates the secret",
  async (language, cdk, prepare) => {
    const project = await getBindings(language, cdk);
    const { id } = await simulator().createEndpoint();
    const { app } = JSON.parse(readFileSync(join(project, "cdktf.json"), "utf8")) as {
      app: string;
    };
    const PATH = `${join(project, "venv/bin")}${delimiter}${process.env.PATH ?? ""}`;
    const terraform = clis()[0]!.path;
    await machine.shell(`cd ${project}\nmkdir -p cdktf.out\n${prepare}`);
    const { stdout } = await machine.shell(
      `cd ${project}
${app} >&2
cd cdktf.out/stacks/alerts
${terraform} init -input=false >&2
${terraform} apply -input=false -auto-approve >&2
${terraform} output -raw signing_secret`,
      { CDKTF_OUTDIR: join(project, "cdktf.out"), POLYAI_ENDPOINT_ID: id, PATH },
    );
    expect(stdout).toBe(simulator().currentSecret(id));
    expect(simulator().rotations(id)).toBe(1);
  },
  900_000,
);
