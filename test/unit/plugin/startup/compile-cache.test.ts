import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { cacheFolder } from "../../../../src/plugin/startup/compile-cache.js";

let home: string;
let script: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "compile-cache-"));
  script = join(home, "program.js");
  // Says whether V8 took what it was given, and what the code gave.
  buildSync({
    stdin: {
      contents: `
        const vm = require("node:vm");
        const { Script } = vm;
        let taken = "nothing";
        vm.Script = class extends Script {
          constructor(text, options) {
            super(text, options);
            if (options.cachedData) taken = this.cachedDataRejected ? "rejected" : "taken";
          }
        };
        const { compile } = require("./compile-cache.ts");
        const add = compile({ name: "add", key: process.argv[2] ?? "k", parameters: ["a", "b"], text: "return a + b" });
        console.log(taken, add(1, 2));`,
      resolveDir: join(__dirname, "../../../../src/plugin/startup"),
    },
    bundle: true,
    platform: "node",
    outfile: script,
    logLevel: "error",
  });
});
afterEach(() => rmSync(home, { recursive: true }));

const folder = () => join(home, "cache/terraform-provider-polyai/compiled");
const run = (
  environment: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
  flags: readonly string[] = [],
): string => {
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, script, ...args], {
    env: { HOME: home, XDG_CACHE_HOME: join(home, "cache"), ...environment },
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout.trim();
};
const onlyFile = (): string => {
  const [name, ...others] = readdirSync(folder());
  expect(others).toEqual([]);
  return join(folder(), name!);
};
const mode = (path: string): number => statSync(path).mode & 0o777;

describe("the cache of compiled code", () => {
  it("holds what a process compiled for the next", () => {
    expect(run()).toBe("nothing 3");
    expect(run()).toBe("taken 3");
  });

  it("belongs to its user alone", () => {
    run();
    expect([mode(folder()), mode(onlyFile())]).toEqual([0o700, 0o600]);
  });

  it("keeps code with another key apart", () => {
    run();
    expect(run({}, ["other"])).toBe("nothing 3");
    expect(readdirSync(folder())).toHaveLength(2);
  });

  it.each([
    [
      "a byte",
      (bytes: Buffer) => bytes.fill(bytes.at(-9)! ^ 1, bytes.length - 9, bytes.length - 8),
    ],
    ["its end", (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ["everything", () => Buffer.alloc(0)],
  ])("compiles anew, and writes anew, where a file has lost %s", (_what, damage) => {
    run();
    const before = readFileSync(onlyFile());
    writeFileSync(onlyFile(), damage(Buffer.from(before)));
    expect(run()).toBe("nothing 3");
    expect(run()).toBe("taken 3");
  });

  it("compiles anew, and writes anew, what other flags compiled", () => {
    const flags = ["--stack-size=900"];
    run();
    expect(run({}, [], flags)).toBe("rejected 3");
    expect(run({}, [], flags)).toBe("taken 3");
  });

  it("takes nothing from a file that others can read or change", () => {
    run();
    chmodSync(onlyFile(), 0o644);
    expect(run()).toBe("nothing 3");
  });

  it("takes nothing from a folder that others can enter, and puts nothing there", () => {
    run();
    const file = onlyFile();
    chmodSync(folder(), 0o755);
    expect(run()).toBe("nothing 3");
    rmSync(file);
    expect(run()).toBe("nothing 3");
    expect(readdirSync(folder())).toEqual([]);
  });

  it("follows no link, neither to a file nor to a folder", () => {
    run();
    const file = onlyFile();
    renameSync(file, join(home, "moved"));
    symlinkSync(join(home, "moved"), file);
    expect(run()).toBe("nothing 3");
    renameSync(folder(), join(home, "elsewhere"));
    symlinkSync(join(home, "elsewhere"), folder());
    expect(run()).toBe("nothing 3");
  });

  it("is not there where it is switched off, or there is no home", () => {
    expect(run({ NODE_DISABLE_COMPILE_CACHE: "1" })).toBe("nothing 3");
    expect(run({ HOME: "" })).toBe("nothing 3");
    expect(readdirSync(home)).toEqual(["program.js"]);
  });

  it("is no fault where it cannot be written", () => {
    mkdirSync(join(home, "cache"));
    writeFileSync(join(home, "cache/terraform-provider-polyai"), "a file where a folder should be");
    expect(run()).toBe("nothing 3");
  });

  it("forgets files that nobody has written for long", () => {
    run();
    const file = onlyFile();
    utimesSync(file, 0, 0);
    run({}, ["other"]);
    expect(onlyFile()).not.toBe(file);
  });
});

describe("the cache's folder", () => {
  it("is none in a home that is another user's", () => {
    // The superuser's own is that of the root folder, too.
    if (process.getuid?.() === 0) chownSync(home, 1, 1);
    expect(cacheFolder({ HOME: process.getuid?.() === 0 ? home : "/" })).toBeUndefined();
  });

  it("is where the system keeps its user's caches", () => {
    const own = process.platform === "darwin" ? "Library/Caches" : ".cache";
    expect(cacheFolder({ HOME: home })).toBe(join(home, own, "terraform-provider-polyai/compiled"));
    expect(cacheFolder({ HOME: home, XDG_CACHE_HOME: "/caches" })).toBe(
      "/caches/terraform-provider-polyai/compiled",
    );
  });
});
