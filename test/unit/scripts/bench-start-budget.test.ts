import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, SCRIPTS, evaluate, temporaryFolder } from "./support.js";

async function value(script: string, expression: string): Promise<unknown> {
  const { code, stdout, stderr } = await evaluate(
    `bench/${script}.mjs`,
    `console.log(JSON.stringify(await ${expression}));`,
  );
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const json = JSON.stringify;
const budget = { code: 8192, modules: ["crypto", "tls"] };
const compare = (found: object) =>
  value(
    "start-budget",
    `script.compare(${json(budget)}, ${json({ code: 8000, modules: ["crypto", "tls"], internal: 9, cpu: 50, ...found })})`,
  );

describe("the start-up budget", () => {
  it("is kept by a start that loads as much as it may, however long it takes", async () => {
    expect(await compare({ code: 8192, cpu: 9999, internal: 999 })).toMatchObject({
      over: [],
      less: [],
    });
  });

  it("is broken by one byte of code", async () => {
    expect(await compare({ code: 8193 })).toMatchObject({
      over: ["The start compiles 8,193 bytes of code, 1 more than it may."],
    });
  });

  it("is broken by a module, even where another went", async () => {
    expect(await compare({ modules: ["crypto", "http2"] })).toMatchObject({
      over: ["The start loads what it may not: http2."],
      less: ["tls"],
    });
  });

  it("is made so that what is there fits, and small changes of the code do", async () => {
    expect(
      await value("start-budget", `script.budgetFor({ code: 8193, modules: ["tls"] })`),
    ).toEqual({
      code: 12_288,
      modules: ["tls"],
    });
  });

  it("allows no HTTP client, no HTTP/2 of node's and no fetch at the start", () => {
    const { modules } = JSON.parse(
      readFileSync(join(SCRIPTS, "bench/start-budget.json"), "utf8"),
    ) as { modules: string[] };
    for (const name of ["http", "https", "http2", "zlib", "internal/deps/undici"]) {
      expect(modules).not.toContain(name);
    }
  });
});

describe("what a start loads", () => {
  it("names public modules and packages inside node, and counts internal ones", async () => {
    const loaded = [
      "Internal Binding tls_wrap",
      "NativeModule tls",
      "NativeModule internal/tls/common",
      "NativeModule internal/deps/undici/undici",
      "NativeModule stream/promises",
    ];
    expect(await value("start-loads", `script.modulesOf(${json(loaded)})`)).toEqual({
      modules: ["internal/deps/undici", "stream/promises", "tls"],
      internal: 2,
    });
  });

  const codeBytes = (source: string) =>
    value("start-loads", `script.codeBytes(${json(source)})`) as Promise<number>;

  it("is code, however it is laid out", async () => {
    expect(
      await codeBytes("let ü = `a${1}b` / 2; // no\n/** no */ function f() { return /[\"'`]/g }"),
    ).toBe(Buffer.byteLength("letü=`a${1}b`/2;functionf(){return/[\"'`]/g}"));
  });

  it("is not what comments keep for later, nor long texts", async () => {
    const long = "run(1); ".repeat(2000);
    expect(await codeBytes(`function late() {/*${long}*/}`)).toBe("functionlate(){}".length);
    for (const quote of ['"', "'", "`"]) {
      expect(await codeBytes(`const a = ${quote}${long}${quote};`)).toBe("consta=;".length);
    }
  });
});

describe("the probe", () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => {
    folder.remove();
  });

  it("tells what a program loads and compiles beyond node itself", () => {
    const file = join(folder.path, "loaded.json");
    const program = folder.write(
      "program.js",
      `require("node:zlib");
       new (require("node:vm").Script)("1 + 1");
       require("node:vm").compileFunction("return 2")();
       process.kill(process.pid, "SIGUSR2");
       setTimeout(() => {}, 300);`,
    );
    const probe = join(SCRIPTS, "bench/start-probe.cjs");
    const { status } = spawnSync(process.execPath, ["--require", probe, program], {
      env: { START_PROBE: file },
    });
    expect(status).toBe(0);
    const { loaded, sources, cpu } = JSON.parse(readFileSync(file, "utf8")) as {
      loaded: string[];
      sources: string[];
      cpu: number;
    };
    expect(loaded).toContain("NativeModule zlib");
    expect(loaded).not.toContain("NativeModule fs");
    expect(sources).toEqual([readFileSync(program, "utf8"), "1 + 1", "return 2"]);
    expect(cpu).toBeGreaterThan(0);
  });
});
