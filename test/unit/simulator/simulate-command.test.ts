import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { runSimulator } from "../../../src/cli/simulate.js";
import { DEMO_API_KEY } from "../../../src/simulator/index.js";

// The command as it ships: one file, in a folder that has no node_modules above it.
let folder: string;
let script: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "simulate-"));
  script = join(folder, "simulate.js");
  buildSync({
    stdin: {
      contents: `import { runSimulator } from "./src/cli/simulate.ts";
        runSimulator(process.argv.slice(2)).then((code) => { process.exitCode = code; });`,
      resolveDir: resolve(__dirname, "../../.."),
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    outfile: script,
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

async function start(...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { cwd: folder });
  running.push(child);
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const ready = new Promise<void>((resolveReady) => {
    child.stdout.on("data", () => text.includes("Ctrl-C") && resolveReady());
  });
  await Promise.race([ready, exited]);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "";
  return { child, url, exited, text: () => text };
}

const createEndpoint = (url: string) =>
  fetch(`${url}/v1/webhook-endpoints`, {
    method: "POST",
    headers: { "x-api-key": DEMO_API_KEY, "content-type": "application/json" },
    body: JSON.stringify({
      name: "a",
      url: "https://example.com",
      event_types: ["alerts.resolved"],
    }),
  });

it.each(["SIGINT", "SIGTERM"] as const)(
  "prints its URL and the demo key, serves, and ends with code 0 on %s",
  async (signal) => {
    const { child, url, exited, text } = await start();
    expect(text()).toContain(`export POLYAI_BASE_URL=${url}\n`);
    expect(text()).toContain(`export POLYAI_API_KEY=${DEMO_API_KEY}\n`);
    expect((await createEndpoint(url)).status).toBe(201);
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
  },
);

it("takes the port that is named, and says if it is taken", async () => {
  const { port } = new URL((await start()).url);
  const second = await start("--port", port);
  expect(await second.exited).toEqual([1, null]);
  expect(second.text()).toMatch(/^listen EADDRINUSE[^\n]*\n$/);
});

describe("arguments", () => {
  async function run(...args: string[]) {
    const out = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    const errors = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const code = await runSimulator(args);
    const text = ({ mock }: typeof out) => mock.calls.join("");
    const printed = { code, out: text(out), errors: text(errors) };
    jest.restoreAllMocks();
    return printed;
  }

  it.each(["--help", "-h"])("%s explains them", async (flag) => {
    const { code, out } = await run(flag);
    expect(code).toBe(0);
    for (const option of ["--port", "--latency", "--deliver-to"]) {
      expect(out).toContain(option);
    }
  });

  it.each([
    ["--nonsense"],
    ["positional"],
    ["--port", "65536"],
    ["--port", "-1"],
    ["--port", "http"],
    ["--latency", "1s"],
    ["--deliver-to", "ftp://127.0.0.1"],
    ["--error-body", "html"],
    ["--state-file", "state.json"],
  ])("%s %s is refused with the usage", async (...args) => {
    const { code, out, errors } = await run(...args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(errors).toContain("Usage:");
  });

  it("--deliver-to another machine is refused", async () => {
    const { code, errors } = await run("--deliver-to", "https://example.com/hook");
    expect(code).toBe(1);
    expect(errors).toContain("127.0.0.1");
  });

  it("--deliver-to takes FROM=URL and URL, where FROM may hold equals signs", async () => {
    const from = "https://example.com/hook?a=b";
    const { child, exited, url } = await start(
      "--deliver-to",
      `${from}=http://127.0.0.1:9/one`,
      "--deliver-to",
      "http://127.0.0.1:9/all",
    );
    const control = async (method: string, ...args: unknown[]) => {
      const body = JSON.stringify(args);
      const answer = await fetch(`${url}/_simulator/${method}`, { method: "POST", body });
      return ((await answer.json()) as { result: { id: string; attempts: object[] } }).result;
    };
    for (const endpointUrl of [from, "https://example.com/other"]) {
      const { id } = await control("createEndpoint", { url: endpointUrl });
      const { attempts } = await control("deliver", id, { type: "alerts.triggered" });
      expect(attempts).toMatchObject([{ error: "network" }]);
    }
    child.kill("SIGINT");
    expect(await exited).toEqual([0, null]);
  });
});
