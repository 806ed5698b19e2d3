/**
 * The provider's bindings in the CDK's other languages, which `cdktf get` generates from the
 * installed provider, and the programs in examples/languages that use them. Python and Go run here;
 * they have to be on PATH. Nothing asks a Terraform registry.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { CDKS, CDKTF_CLI, install } from "../package/consumer.js";
import { type Cli, clis, describeForEachCli, ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const exec = promisify(execFile);
const EXAMPLES = join(ROOT, "examples/languages");

/** The import in each language's program. */
const BINDINGS = {
  python: "imports/polyai/webhook_secret/__init__.py",
  go: "generated/polyai/polyai/webhooksecret/WebhookSecret.go",
  java: "src/main/java/imports/polyai/webhook_secret/WebhookSecret.java",
  csharp: "imports/polyai/polyai/WebhookSecret/WebhookSecret.cs",
} as const;
type Language = keyof typeof BINDINGS;

let simulator: Simulator;
let home: string;

beforeAll(async () => {
  simulator = await startSimulator();
  home = temporaryFolder();
  writeFileSync(join(home, "cli.tfrc"), "");
  await exec(process.execPath, [join(ROOT, "dist/cli.js"), "install"], { env: environment() });
});
afterAll(() => simulator.close());

const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  // pip, Go and their like need these to reach their registries.
  ...process.env,
  HOME: home,
  XDG_CONFIG_HOME: "",
  XDG_DATA_HOME: "",
  CI: "true",
  CHECKPOINT_DISABLE: "1",
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1",
  TF_CLI_CONFIG_FILE: join(home, "cli.tfrc"),
  POLYAI_API_KEY: simulator.apiKey,
  POLYAI_BASE_URL: simulator.url,
  ...more,
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
  await exec(node, [cli, "get"], {
    cwd: project,
    env: environment({
      PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`,
      TERRAFORM_BINARY_NAME: clis()[0]!.path,
    }),
  });
  if (cdk === "cdktn") await exec("sh", ["-e", "-c", MENDING], { cwd: project });
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

/** Applies the stack that a program has synthesized, and gives its output. */
async function apply(cli: Cli, project: string, env: NodeJS.ProcessEnv): Promise<string> {
  const cwd = join(project, "cdktf.out/stacks/alerts");
  await exec(cli.path, ["init", "-input=false"], { cwd, env });
  await exec(cli.path, ["apply", "-input=false", "-auto-approve"], { cwd, env });
  const { stdout } = await exec(cli.path, ["output", "-raw", "signing_secret"], { cwd, env });
  return stdout;
}

it.each(["java", "csharp"] as const)("cdktf get makes bindings for %s", async (language) => {
  const project = await getBindings(language);
  const text = readFileSync(join(project, BINDINGS[language]), "utf8");
  expect(text).toMatch(/public class WebhookSecret\b/);
});

/** The commands that make each language's program ready, and run it: `program` is what cdktf.json runs. */
const PREPARED = {
  async python(project: string) {
    const venv = join(project, "venv");
    await exec("python3", ["-m", "venv", venv], { env: environment() });
    const pip = ["-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"];
    await exec(join(venv, "bin/python3"), pip, { cwd: project, env: environment() });
    return { PATH: `${join(venv, "bin")}${delimiter}${process.env.PATH ?? ""}` };
  },
  async go(project: string) {
    const env = { GOFLAGS: "-mod=mod -modcacherw", GOPATH: join(home, "go") };
    await exec("go", ["mod", "tidy"], { cwd: project, env: environment(env) });
    return env;
  },
};

describe.each(PROGRAMS)("a program in %s with %s", (language, cdk) => {
  let project: string;
  let environmentOfProgram: Readonly<Record<string, string>>;

  beforeAll(async () => {
    project = await getBindings(language, cdk);
    expect(existsSync(join(project, BINDINGS[language]))).toBe(true);
    environmentOfProgram = await PREPARED[language](project);
  }, 600_000);

  describeForEachCli((cli) => {
    it("synthesizes a stack that rotates the secret", async () => {
      const { id } = await simulator.createEndpoint();
      const env = environment({ ...environmentOfProgram, POLYAI_ENDPOINT_ID: id });
      const { app } = JSON.parse(readFileSync(join(project, "cdktf.json"), "utf8")) as {
        app: string;
      };
      const run = temporaryFolder();
      mkdirSync(join(run, "cdktf.out"));
      // The other CLI's, from its turn.
      rmSync(join(project, "terraform.alerts.tfstate"), { force: true });
      const [program, ...args] = app.split(" ") as [string, ...string[]];
      await exec(program, args, {
        cwd: project,
        env: { ...env, CDKTF_OUTDIR: join(run, "cdktf.out") },
      });
      expect(await apply(cli, run, env)).toBe(simulator.currentSecret(id));
      expect(simulator.rotations(id)).toBe(1);
    }, 300_000);
  });
});
