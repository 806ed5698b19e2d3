/** README's blocks, run as a newcomer would: in an empty folder, with the packed package. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as ts from "typescript";
import { scripts } from "../../package.json";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { signWebhook } from "../../src/webhooks/index.js";
import { clis, describeForEachCli, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { blocksOf } from "../support/markdown.js";
import { accessTo } from "../support/simulator.js";
import { CDKS, CDKTF_CLI, deploy, installFor, moduleProject, pack } from "./consumer.js";

const BLOCKS = blocksOf("README.md");

/** The blocks in order; a block that is not in this table fails the first test. */
const TABLE = [
  ["terraform-provider-polyai", "sh"],
  ["terraform-provider-polyai", "hcl"],
  ["terraform-provider-polyai", "sh"],
  ["terraform-provider-polyai", "text"],
  ["See it work", "sh"],
  ["See it work", "sh"],
  ["From CDKTF", "sh"],
  ["From CDKTF", "ts"],
  ["From CDKTF", "sh"],
  ["In the receiver", "ts"],
  ["Without an account", "ts"],
  ["Troubleshooting", "sh"],
] as const;

const texts = (heading: string, language: string): readonly string[] =>
  BLOCKS.filter((each) => each.heading === heading && each.language === language).map(
    ({ text }) => text,
  );

let project: string;
let simulator: Simulator;
const children: ChildProcess[] = [];

beforeAll(async () => {
  project = await installFor("cdktf", await pack());
  simulator = await startSimulator();
});
afterAll(async () => {
  for (const child of children) child.kill();
  await simulator.close();
});

/** Compiles a TypeScript block. */
function compiled(text: string): string {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  expect(diagnostics).toEqual([]);
  return outputText;
}

/** Starts a program in the project, and gives the first of what it prints that matches. */
function started(name: string, text: string, pattern: RegExp, env: NodeJS.ProcessEnv = {}) {
  writeFileSync(join(project, name), compiled(text));
  const child = spawn(process.execPath, [name], { cwd: project, env: { ...process.env, ...env } });
  children.push(child);
  return new Promise<RegExpExecArray>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const match = pattern.exec(output);
      if (match) resolve(match);
    });
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("close", () => reject(new Error(`it ended: ${output}`)));
  });
}

const withEndpoint = (text: string, id: string): string =>
  text.replaceAll("whe_9ZtRcXw3nByK5pVqMaEfJs", id);

describe("README", () => {
  it("has the blocks that are run here, and no others", () => {
    expect(BLOCKS.map(({ heading, language }) => [heading, language])).toEqual(TABLE);
  });

  it("names commands that are there, which .ci/run runs", () => {
    const ci = readFileSync(join(ROOT, ".ci/run"), "utf8");
    expect(texts("See it work", "sh")).toEqual(["npm run demo\n", "npm test\n"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["demo", "test"]));
    for (const command of [/npm run --silent demo/, /npm test/]) expect(ci).toMatch(command);
  });

  it("installs and applies by the first commands, shows its plan as it is, and the doctor finds nothing wrong", async () => {
    const { id } = await simulator.createEndpoint();
    const PATH = `~/bin${delimiter}${process.env.PATH ?? ""}`;
    const machine = new Machine({
      PATH,
      ...accessTo(simulator),
      TF_CLI_ARGS_apply: "-auto-approve",
    });
    machine.installs({ terraform: `exec '${clis()[0]!.path}' "$@"` });
    // npx takes the command of the packed package, which it finds in the folder above.
    symlinkSync(join(project, "node_modules"), join(machine.home, "node_modules"));
    const run = async (commands: string) =>
      (await machine.shell(commands.replace(/^export POLYAI_API_KEY=…$/m, ""))).stdout;

    const program = withEndpoint(texts("terraform-provider-polyai", "hcl")[0]!, id);
    expect(program.trim().split("\n")).toHaveLength(10);
    const output =
      'output "secret" {\n  value = polyai_webhook_secret.alerts.signing_secret\n  sensitive = true\n}\n';
    machine.write("main.tf", program.replace('"2026-Q4"', '"2026-Q3"') + output);
    for (const commands of texts("terraform-provider-polyai", "sh")) await run(commands);
    expect(await run("terraform output -raw secret")).toBe(simulator.currentSecret(id));

    machine.write("main.tf", program + output);
    const plan = await run("terraform plan -no-color");
    const [shown] = texts("terraform-provider-polyai", "text");
    expect(normalize(plan)).toContain(normalize(withEndpoint(shown!, id)));
    await run(texts("Troubleshooting", "sh")[0]!);
  });

  describeForEachCli((cli) => {
    it("deploys the program by the command that is shown, with the packages that are shown", async () => {
      const [install, command] = texts("From CDKTF", "sh");
      expect(install).toBe(
        `npm install terraform-provider-polyai cdktf@${CDKS.cdktf.version} constructs@10.7.2\n`,
      );
      expect(command).toBe("export POLYAI_API_KEY=…\nnpx cdktf deploy alerts\n");
      const { id } = await simulator.createEndpoint();
      const program = withEndpoint(compiled(texts("From CDKTF", "ts")[0]!), id);
      const { printed, secret } = await deploy(
        moduleProject(program, project),
        CDKTF_CLI,
        cli,
        simulator,
        id,
      );
      expect(simulator.rotations(id)).toBe(1);
      expect(secret).toBe(simulator.currentSecret(id));
      expect(printed).not.toContain(secret);
    });
  });

  it("verifies in the receiver: 204 for the current and the previous secret, 503 for another", async () => {
    const [text] = texts("In the receiver", "ts");
    const listening = "listen(0, function () { console.log(`port ${this.address().port}`) })";
    const program = text!.replace("listen(8080)", listening);
    const secrets = { POLYAI_SECRET: "new", POLYAI_PREVIOUS_SECRET: "old" };
    const [, port] = await started("receiver.mjs", program, /port (\d+)/, secrets);
    const answer = async (secret: string): Promise<number> => {
      const timestamp = Math.floor(Date.now() / 1000);
      const { status } = await fetch(`http://127.0.0.1:${port!}/`, {
        method: "POST",
        headers: {
          "X-PolyAI-Timestamp": String(timestamp),
          "X-PolyAI-Signature": signWebhook({ secret, timestamp, payload: "{}" }),
        },
        body: "{}",
      });
      return status;
    };
    expect([await answer("new"), await answer("old"), await answer("else")]).toEqual([
      204, 204, 503,
    ]);
  });

  it("runs the simulator in a program", async () => {
    const [, url, key] = await started(
      "simulator.mjs",
      texts("Without an account", "ts")[0]!,
      /export POLYAI_BASE_URL=(\S+) POLYAI_API_KEY=(\S+)\nendpoint: whe_/,
    );
    const answer = await fetch(`${url!}/v1/webhook-endpoints`, { headers: { "x-api-key": key! } });
    expect(answer.status).toBe(200);
  });
});

/** Replaces the fingerprint and the time, which differ from run to run. */
const normalize = (plan: string): string =>
  plan
    .replace(/"[0-9a-f]{16}"/g, '"FINGERPRINT"')
    .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"TIME"')
    .replace(/\(\d+ unchanged attributes hidden\)/, "(some unchanged attributes hidden)")
    .replace(/^ {2}(?=[~#+-] |\s)/gm, "")
    .replace(/\s+/g, " ");
