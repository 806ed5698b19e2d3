import { readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, evaluate, temporaryFolder } from "./support.js";

let folder: TemporaryFolder;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => {
  folder.remove();
});

describe("a lock", () => {
  const critical = () => `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    await script.withLock(${JSON.stringify(join(folder.path, "lock"))}, async () => {
      appendFileSync(${JSON.stringify(join(folder.path, "log"))}, "in ");
      await sleep(300);
      appendFileSync(${JSON.stringify(join(folder.path, "log"))}, "out ");
    });`;

  const enter = () => evaluate("lib/lock.mjs", critical());

  it("lets one process in at a time", async () => {
    const ended = await Promise.all([enter(), enter(), enter()]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(readFileSync(join(folder.path, "log"), "utf8")).toBe("in out in out in out ");
  });

  it("is taken over from a process that died", async () => {
    const dead = await evaluate("lib/lock.mjs", "console.log(process.pid)");
    folder.write("lock", dead.stdout.trim());
    const ended = await Promise.all([enter(), enter()]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(readFileSync(join(folder.path, "log"), "utf8")).toBe("in out in out ");
  });

  it("is free again after a failure", async () => {
    const { stdout } = await evaluate(
      "lib/lock.mjs",
      `const file = ${JSON.stringify(join(folder.path, "lock"))};
       await script.withLock(file, async () => { throw new Error("no"); }).catch(() => {});
       await script.withLock(file, async () => console.log("in"));`,
    );
    expect(stdout).toBe("in\n");
  });
});

describe("stamped work", () => {
  const stale = async (action = "") => {
    const work = {
      name: `test-${folder.path.split("/").at(-1) ?? ""}`,
      inputs: [join(folder.path, "in")],
      outputs: [join(folder.path, "out")],
    };
    const { stdout, stderr } = await evaluate(
      "lib/fingerprint.mjs",
      `import { writeFileSync, rmSync } from "node:fs";
       const work = ${JSON.stringify(work)};
       ${action}
       console.log(script.isStale(work));`,
    );
    if (stderr !== "") throw new Error(stderr);
    return stdout.trim() === "true";
  };
  const done = 'await script.doStamped(work, () => writeFileSync(work.outputs[0], ""));';

  afterEach(async () => {
    await evaluate(
      "lib/fingerprint.mjs",
      `import { rmSync } from "node:fs"; rmSync(script.stampFile(${JSON.stringify(
        `test-${folder.path.split("/").at(-1) ?? ""}`,
      )}), { force: true });`,
    );
  });

  beforeEach(() => folder.write("in/deep/a.txt", "a"));

  it("is stale until it is done", async () => {
    expect(await stale()).toBe(true);
    expect(await stale(done)).toBe(false);
    expect(await stale()).toBe(false);
  });

  it.each([
    ["an input changes", () => folder.write("in/deep/a.txt", "b")],
    ["an input is added", () => folder.write("in/b.txt", "b")],
    ["an output goes", () => remove("out")],
    ["an input goes", () => remove("in/deep/a.txt")],
  ])("is stale when %s", async (_, change) => {
    await stale(done);
    change();
    expect(await stale()).toBe(true);
  });

  const remove = (name: string) => {
    rmSync(join(folder.path, name));
  };

  it("is not stale when an input is only touched", async () => {
    await stale(done);
    utimesSync(join(folder.path, "in/deep/a.txt"), 1, 1);
    expect(await stale()).toBe(false);
  });

  it("stays stale when it fails", async () => {
    await stale(done);
    const failing = `await script.doStamped(work, () => { throw new Error("no"); }).catch(() => {});`;
    expect(await stale(failing)).toBe(true);
  });

  it("stays stale when an input changes while it is done", async () => {
    const changing = `await script.doStamped(work, () => {
      writeFileSync(work.outputs[0], "");
      writeFileSync(work.inputs[0] + "/deep/a.txt", "changed meanwhile");
    });`;
    expect(await stale(changing)).toBe(true);
  });
});
