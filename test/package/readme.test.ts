/** README's blocks, run as a newcomer would: with the packed package, in a project of `cdktf init`. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { scripts } from "../../package.json";
import { signedRequest } from "../../src/webhooks/index.js";
import { clis, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { blocksOf } from "../support/markdown.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { expectDeployed, pack } from "./consumer.js";

const exec = promisify(execFile);

const BLOCKS = blocksOf("README.md");

/** The blocks in order; a block that is not in this table fails the first test. */
const TABLE = [
  ["terraform-provider-polyai", "mermaid"],
  ["From HCL", "sh"],
  ["From HCL", "hcl"],
  ["From HCL", "sh"],
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

/** The packages of a project that `cdktf init` makes, in the versions that it got when last tried. */
const INIT = {
  dependencies: { cdktf: "^0.21.0", constructs: "^10.8.1" },
  devDependencies: {
    "@types/jest": "^30.0.0",
    "@types/node": "^26.6.7",
    jest: "^30.5.2",
    "ts-jest": "^29.4.15",
    "ts-node": "^10.9.2",
    typescript: "^7.0.2",
  },
};
const TEMPLATE = join(ROOT, "node_modules/cdktf-cli/bundle/templates/typescript");
const PROGRAMS = {
  main: "From CDKTF",
  receiver: "In the receiver",
  simulator: "Without an account",
};

let project: string;
const simulator = simulatorForAll();
const children: ChildProcess[] = [];

beforeAll(async () => {
  project = temporaryFolder();
  for (const file of ["tsconfig.json", "setup.js", "jest.config.js"]) {
    cpSync(join(TEMPLATE, file), join(project, file));
  }
  writeFileSync(join(project, "package.json"), JSON.stringify(INIT));
  for (const [name, heading] of Object.entries(PROGRAMS)) {
    writeFileSync(join(project, `${name}.ts`), texts(heading, "ts")[0]!);
  }
  const { file } = await pack();
  const [command] = texts("From CDKTF", "sh");
  const quiet = "npm install --no-audit --no-fund --prefer-offline --loglevel=error ";
  await exec(
    "sh",
    ["-c", command!.replace("npm install terraform-provider-polyai", quiet + file)],
    {
      cwd: project,
    },
  );
}, 400_000);
afterAll(() => children.forEach((child) => child.kill()));

/** Starts a program of the project, and gives the first of what it prints that matches. */
function started(name: string, pattern: RegExp, env: NodeJS.ProcessEnv = {}) {
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

  it("has at most 200 lines, and names scripts that are there", () => {
    const text = readFileSync(join(ROOT, "README.md"), "utf8");
    expect(text.split("\n").length).toBeLessThanOrEqual(200);
    const named = [...text.matchAll(/`npm (?:run )?(demo|test)`/g)].map(([, name]) => name);
    expect(named).toEqual(["demo", "test"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it("shows a picture of what the demo prints", () => {
    const picture = readFileSync(join(ROOT, "docs/images/demo.svg"), "utf8");
    const told = [...picture.matchAll(/>(?:== | {2}ok: )([^<]*)</g)].map(([, text]) => text!);
    expect(told.length).toBeGreaterThan(8);
    const demo = readFileSync(join(ROOT, "scripts/demo.ts"), "utf8").replace(
      /the delivery is \$\{.*?\}/,
      "the delivery is accepted, the delivery is refused",
    );
    expect(told.filter((text) => !demo.includes(text))).toEqual([]);
  });

  it("has programs that compile in the project", async () => {
    await exec(process.execPath, ["node_modules/typescript/bin/tsc"], { cwd: project });
  });

  it("installs and applies by the commands that are shown, and the doctor finds nothing wrong", async () => {
    const { id } = await simulator().createEndpoint();
    const PATH = `~/bin${delimiter}${process.env.PATH ?? ""}`;
    const machine = new Machine({
      PATH,
      ...accessTo(simulator()),
      TF_CLI_ARGS_apply: "-auto-approve",
    });
    machine.installs({ terraform: `exec '${clis()[0]!.path}' "$@"` });
    // npx takes the command of the packed package, which it finds in the folder above.
    symlinkSync(join(project, "node_modules"), join(machine.home, "node_modules"));
    const run = async (commands: string) =>
      (await machine.shell(commands.replace(/^export POLYAI_API_KEY=…$/m, ""))).stdout;

    const program = withEndpoint(texts("From HCL", "hcl")[0]!, id);
    expect(program.trim().split("\n")).toHaveLength(10);
    const output =
      'output "secret" {\n  value = polyai_webhook_secret.alerts.signing_secret\n  sensitive = true\n}\n';
    machine.write("main.tf", program + output);
    for (const commands of texts("From HCL", "sh")) await run(commands);
    expect(await run("terraform output -raw secret")).toBe(simulator().currentSecret(id));

    await run(texts("Troubleshooting", "sh")[0]!);
  });

  it("deploys the program by the command that is shown", async () => {
    const { id } = await simulator().createEndpoint();
    const [, command] = texts("From CDKTF", "sh");
    expect(command).toBe("export POLYAI_API_KEY=…\nnpx cdktf deploy alerts\n");
    writeFileSync(join(project, "main.ts"), withEndpoint(texts("From CDKTF", "ts")[0]!, id));
    await expectDeployed(
      { folder: project, app: "npx ts-node main.ts" },
      ["npx", "cdktf"],
      clis().at(-1)!,
      simulator(),
      id,
    );
  });

  it("verifies in the receiver: 204 for the current and the previous secret, 503 for another", async () => {
    const program = readFileSync(join(project, "receiver.js"), "utf8");
    const listening = "listen(0, function () { console.log(`port ${this.address().port}`) })";
    writeFileSync(join(project, "receiver.js"), program.replace("listen(8080)", listening));
    const secrets = { POLYAI_SECRET: "new", POLYAI_PREVIOUS_SECRET: "old" };
    const [, port] = await started("receiver.js", /port (\d+)/, secrets);
    const answer = async (secret: string): Promise<number> => {
      const body = '{"type":"alerts.triggered"}';
      const request = signedRequest({ secret, body, eventId: secret });
      return (await fetch(`http://127.0.0.1:${port!}/`, request)).status;
    };
    expect([await answer("new"), await answer("old"), await answer("else")]).toEqual([
      204, 204, 503,
    ]);
  });

  it("runs the simulator in a program", async () => {
    const [, url, key] = await started(
      "simulator.js",
      /export POLYAI_BASE_URL=(\S+) POLYAI_API_KEY=(\S+)\nendpoint: whe_/,
    );
    const answer = await fetch(`${url!}/v1/webhook-endpoints`, { headers: { "x-api-key": key! } });
    expect(answer.status).toBe(200);
  });
});
