import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, evaluate, temporaryFolder } from "./support.js";

/** What an expression gives with all exports of a script of the benchmark in scope. */
async function value(script: string, expression: string): Promise<unknown> {
  const { code, stdout, stderr } = await evaluate(
    `bench/${script}.mjs`,
    `console.log(JSON.stringify(await (async () => (${expression}))()) ?? "null");`,
  );
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const json = JSON.stringify;

describe("the options", () => {
  const read = (...argv: string[]) => value("arguments", `script.readArguments(${json(argv)})`);

  it("are all sizes, latencies and runtimes where none is said", async () => {
    expect(await read()).toEqual({
      help: false,
      quick: false,
      check: false,
      writeDocs: false,
      sizes: [1, 100, 1000],
      latencies: [0, 50],
      runtimes: ["node", "executable", "go", "go-floor", "floor"],
    });
  });

  it("select", async () => {
    expect(
      await read("--sizes", "1,10", "--latency=5", "--runtimes=node,floor", "--runs=2"),
    ).toMatchObject({ sizes: [1, 10], latencies: [5], runtimes: ["node", "floor"], runs: 2 });
  });

  it.each([
    [["--sizes", "0"], '--sizes takes whole numbers from 1 on, not "0".'],
    [["--latency", "fast"], '--latency takes whole numbers from 0 on, not "fast".'],
    [["--runtimes", "java"], "--runtimes takes node, executable, go, go-floor, floor; not java."],
    [["--write-docs", "--sizes", "1"], "--write-docs needs a whole run"],
    [["--write-docs", "--quick"], "--write-docs needs a whole run"],
    [["--quick", "--latency", "50"], "--quick has sizes and a latency of its own."],
  ])("%j are refused", async (argv, sentence) => {
    await expect(read(...argv)).rejects.toThrow(sentence);
  });
});

describe("statistics", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[10, 9], 9.5],
    [[], null],
    [[1, null], null],
  ])("take the median of %j", async (numbers, expected) => {
    const list = json(numbers).replace("null", "undefined");
    expect(await value("statistics", `script.median(${list})`)).toBe(expected);
  });

  it("are of measures in turn, without the first round", async () => {
    const [results, order] = (await value(
      "statistics",
      `(async (order = []) => {
        const measure = (name) => async () => order.push(name);
        return [await script.alternate({ turns: 2, warmUp: true }, [measure("A"), measure("B")]), order];
      })()`,
    )) as [number[][], string[]];
    expect(order.join("")).toBe("ABABAB");
    expect(results).toEqual([
      [3, 5],
      [4, 6],
    ]);
  });
});

describe("what processes use", () => {
  it("is read behind a name with spaces and parentheses", async () => {
    const before = "S 1 2 3 0 -1 4194304 10 20 30 40";
    const line = `7 (a) (b c) ${before} 150 25 300 7 20 0 1 0 99`;
    expect(await value("process-usage", `script.parseStat(${json(line)})`)).toEqual({
      own: 1750,
      children: 3070,
    });
  });

  it("is counted for a process and for its children apart, and their memory", async () => {
    // The child uses CPU and memory, its parent next to nothing.
    const busy = `const big = Buffer.alloc(120e6, 1);
      while (process.cpuUsage().user < 600e3) big.fill(Math.random());`;
    const usage = (await value(
      "process-usage",
      `(async () => {
        const { spawn } = await import("node:child_process");
        const child = spawn("/bin/sh", ["-c", '"$0" -e "$1"; sleep 0.2', process.execPath, ${json(busy)}]);
        const usage = script.watchUsage(child.pid);
        await new Promise((resolve) => child.on("exit", resolve));
        return usage.stop();
      })()`,
    )) as Record<string, number> | null;
    if (process.platform !== "linux") {
      expect(usage).toBeNull();
      return;
    }
    expect(usage!.pluginCpu).toBeGreaterThan(550);
    expect(usage!.coreCpu).toBeLessThan(100);
    expect(usage!.pluginPeak).toBeGreaterThan(120e6 / 1024);
    expect(usage!.pluginPeak).toBeLessThan(400e6 / 1024);
  });
});

describe("a measured command", () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => {
    folder.remove();
  });

  /** Does operations with a CLI that says what it is told to; gives the commands that it got. */
  async function measure(says: string, ...operations: string[]) {
    const cli = folder.write(
      "cli",
      `#!/bin/sh\necho "$@" >> "${folder.path}/commands"\nenv > "${folder.path}/environment"\necho '${says}'\n`,
      0o755,
    );
    await value(
      "workspace",
      `(async () => {
        const workspace = new script.Workspace({
          folder: ${json(join(folder.path, "work"))},
          contestant: { title: "it", replaces: false, resource: "" },
          size: 3, endpoints: [], environment: { MINE: "1" },
          cli: { product: "terraform", path: ${json(cli)} },
          signal: new AbortController().signal,
        });
        await workspace.prepare();
        for (const operation of ${json(operations)}) {
          await workspace.ready(operation);
          await workspace.measure(operation);
        }
      })()`,
    );
    return readFileSync(join(folder.path, "commands"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/ -(input|no-color|auto-approve|detailed)\S*/g, ""));
  }

  it("starts from what it needs, and each rotation has a trigger of its own", async () => {
    const says =
      "Resources: 3 added, 0 changed, 0 destroyed. Resources: 0 added, 3 changed, 0 destroyed.";
    expect(await measure(says, "rotate", "rotate", "apply")).toEqual([
      "init",
      "apply -var=trigger=0",
      "apply -var=trigger=1",
      "apply -var=trigger=2",
      "apply -var=trigger=2",
    ]);
  });

  it("counts for nothing where it does less than it has to", async () => {
    const says = "Resources: 2 added, 0 changed, 0 destroyed.";
    await expect(measure(says, "apply")).rejects.toThrow(
      '"apply (create)" of it does not say "Resources: 3 added',
    );
  });

  it("has an environment that slows nothing down and asks nobody", async () => {
    await measure("Success!", "validate");
    const environment = readFileSync(join(folder.path, "environment"), "utf8");
    expect(environment).toContain("CHECKPOINT_DISABLE=1\n");
    expect(environment).toContain(`TF_CLI_CONFIG_FILE=${folder.path}/work/cli.tfrc\n`);
    expect(environment).toContain("MINE=1\n");
    expect(environment).not.toContain("NODE_EXTRA_CA_CERTS");
  });
});
