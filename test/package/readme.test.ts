/** README's blocks, run as a newcomer would: in an empty folder, with the packed package. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import * as ts from "typescript";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { signWebhook } from "../../src/webhooks/index.js";
import { clis, ROOT } from "../support/cli.js";
import { blocksOf, type Block } from "../support/markdown.js";
import { accessTo } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { pack } from "./consumer.js";

const exec = promisify(execFile);

const README = readFileSync(join(ROOT, "README.md"), "utf8");
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

const block = (heading: string, language: string): Block =>
  BLOCKS.find((each) => each.heading === heading && each.language === language)!;
const blocks = (heading: string, language: string): readonly Block[] =>
  BLOCKS.filter((each) => each.heading === heading && each.language === language);

let folder: string;
let project: string;
let tarball: string;
let simulator: Simulator;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  project = join(folder, "project");
  mkdirSync(project);
  mkdirSync(join(folder, "home"));
  tarball = (await pack()).file;
  simulator = await startSimulator();
  writeFileSync(join(folder, "cli.tfrc"), "");
  writeFileSync(join(project, "package.json"), "{}");
  await shell(block("From CDKTF", "sh").text, project);
});

afterAll(async () => {
  for (const child of children) child.kill();
  await simulator.close();
});

/** Runs a block's commands as they stand, with the packed package in the published one's place. */
async function shell(commands: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const script = commands
    .replace(/^npm install terraform-provider-polyai/m, `npm install --no-save ${tarball}`)
    // The key of the block is an ellipsis: the simulator's comes from the environment.
    .replace(/^export POLYAI_API_KEY=…$/m, "");
  const { stdout } = await exec("bash", ["-e", "-c", script], {
    cwd,
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc"),
      ...accessTo(simulator),
      ...env,
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Compiles a TypeScript block to a module in the project. */
function compile(text: string, name: string, module: ts.ModuleKind): string {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    compilerOptions: { module, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    reportDiagnostics: true,
  });
  expect(diagnostics).toEqual([]);
  const file = join(project, name);
  writeFileSync(file, outputText);
  return file;
}

const withEndpoint = (text: string, id: string): string =>
  text.replaceAll("whe_9ZtRcXw3nByK5pVqMaEfJs", id);

const terraform = () => clis()[0]!.path;

/** With a home folder of their own, and the CLI under test where the doctor looks for one. */
const asNewcomer = () => ({
  HOME: join(folder, "home"),
  XDG_CONFIG_HOME: "",
  XDG_DATA_HOME: "",
  TERRAFORM_BINARY_NAME: terraform(),
});

/** A first line of stdout that matches, from a program that goes on running. */
const firstLine = (child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> =>
  new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const match = pattern.exec(output);
      if (match) resolve(match);
    });
    child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("close", () => reject(new Error(`it ended: ${output}`)));
  });

const startNode = (file: string, env: NodeJS.ProcessEnv = {}): ChildProcess => {
  const child = spawn(process.execPath, [file], { cwd: project, env: { ...process.env, ...env } });
  children.push(child);
  return child;
};

describe("README", () => {
  it("has the blocks that are run here, and no others", () => {
    expect(BLOCKS.map(({ heading, language }) => [heading, language])).toEqual(TABLE);
  });

  it("names commands that are there", () => {
    const scripts = (
      JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
        scripts: Record<string, string>;
      }
    ).scripts;
    for (const text of blocks("See it work", "sh").map((each) => each.text.trim())) {
      expect(text).toMatch(/^npm (run demo|test)$/);
      expect(scripts[text.replace(/^npm (run )?/, "")]).toBeDefined();
    }
    // .ci/run runs both, from a fresh clone.
    const ci = readFileSync(join(ROOT, ".ci/run"), "utf8");
    expect(ci).toContain("npm run --silent demo");
    expect(ci).toContain("npm test");
  });

  it("links to files that are there", () => {
    const links = [...README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(5);
    for (const path of links) expect(() => realpathSync(join(ROOT, path))).not.toThrow();
  });

  it("installs, initializes and applies by the first commands, and its plan is the one that is shown", async () => {
    const { id } = await simulator.createEndpoint();
    const hcl = join(folder, "hcl");
    mkdirSync(hcl);
    // npx takes the command of the packed package, which it finds in the folder above.
    symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
    const [install, apply] = blocks("terraform-provider-polyai", "sh");
    const program = withEndpoint(block("terraform-provider-polyai", "hcl").text, id);
    expect(program.trim().split("\n")).toHaveLength(10);
    const cli = terraform();
    const write = (trigger: string) =>
      writeFileSync(
        join(hcl, "main.tf"),
        `${program.replace('"2026-Q4"', JSON.stringify(trigger))}
output "secret" {
  value     = polyai_webhook_secret.alerts.signing_secret
  sensitive = true
}
`,
      );
    write("2026-Q3");
    await shell(install!.text, hcl, asNewcomer());
    await shell(apply!.text.replaceAll(/^terraform /gm, `"${cli}" `), hcl, {
      ...asNewcomer(),
      TF_CLI_ARGS_apply: "-auto-approve",
    });
    const secret = await shell(`"${cli}" output -raw secret`, hcl, asNewcomer());
    expect(secret).toBe(simulator.currentSecret(id));

    write("2026-Q4");
    const plan = await shell(`"${cli}" plan -no-color`, hcl, asNewcomer());
    const shown = normalize(withEndpoint(block("terraform-provider-polyai", "text").text, id));
    expect(normalize(plan)).toContain(shown);
  });

  it("finds nothing wrong by the doctor, where nothing is", async () => {
    const [doctor] = blocks("Troubleshooting", "sh");
    await shell(doctor!.text, join(folder, "hcl"), asNewcomer());
  });

  it("deploys the program by the command that is shown", async () => {
    const { id } = await simulator.createEndpoint();
    const text = withEndpoint(block("From CDKTF", "ts").text, id);
    compile(text, "main.cjs", ts.ModuleKind.CommonJS);
    writeFileSync(
      join(project, "cdktf.json"),
      JSON.stringify({
        language: "typescript",
        app: `"${process.execPath}" main.cjs`,
        projectId: "00000000-0000-4000-8000-000000000000",
        sendCrashReports: "false",
      }),
    );
    const deploy = blocks("From CDKTF", "sh")[1]!.text;
    expect(deploy).toContain("npx cdktf deploy alerts");
    // The CLI asks before it applies; a person would type yes.
    await shell(
      deploy.replace(
        "npx cdktf deploy alerts",
        `"${process.execPath}" "${join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf.js")}" deploy alerts --auto-approve`,
      ),
      project,
      { TERRAFORM_BINARY_NAME: terraform(), CI: "true" },
    );
    expect(simulator.rotations(id)).toBe(1);
  });

  it("verifies in the receiver: 204 for the current and the previous secret, 503 for another", async () => {
    const port = await freePort();
    const text = block("In the receiver", "ts").text.replace("8080", String(port));
    startNode(compile(text, "receiver.mjs", ts.ModuleKind.ES2022), {
      POLYAI_SECRET: "new",
      POLYAI_PREVIOUS_SECRET: "old",
    });
    const answer = async (secret: string): Promise<number> => {
      const timestamp = Math.floor(Date.now() / 1000);
      const { status } = await fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        headers: {
          "X-PolyAI-Timestamp": String(timestamp),
          "X-PolyAI-Signature": signWebhook({ secret, timestamp, payload: "{}" }),
        },
        body: "{}",
      });
      return status;
    };
    await listens(port);
    expect([await answer("new"), await answer("old"), await answer("else")]).toEqual([
      204, 204, 503,
    ]);
  });

  it("runs the simulator in a program", async () => {
    const text = block("Without an account", "ts").text;
    const child = startNode(compile(text, "simulator.mjs", ts.ModuleKind.ES2022));
    const [, url, key] = await firstLine(
      child,
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

/** Waits until somebody listens there. */
const listens = (port: number): Promise<void> =>
  new Promise((resolve) => {
    const attempt = (): void => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve();
      }).on("error", () => setTimeout(attempt, 50));
    };
    attempt();
  });

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
