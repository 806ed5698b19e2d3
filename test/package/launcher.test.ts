/** The placed files, started as Terraform starts them, wherever they lie and whatever Node there is. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describeForEachCli } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { PLUGIN_FOLDER, PLUGIN_NAME, Workspace, type Environment } from "../support/workspace.js";

const machine = new Machine();
const { folder: root, home } = machine;
const COMPILED = join(home, ".cache/terraform-provider-polyai/compiled");

/** A folder with the placed files in it. */
function placed(name: string): string {
  const folder = join(root, name);
  cpSync(PLUGIN_FOLDER, folder, { recursive: true });
  return folder;
}

/** A PATH with the system's shell, and with this `node`. */
function pathWith(name: string, node?: string): string {
  const bin = join(root, name);
  mkdirSync(bin);
  if (node !== undefined) writeFileSync(join(bin, "node"), node, { mode: 0o755 });
  return bin;
}

/** Runs the program with no host: it says on stderr that a host must start it. */
const start = (program: string, env?: Environment) => machine.start(program, [], env);

const STARTED = {
  code: 1,
  signal: null,
  stdout: "",
  stderr: expect.stringMatching(/^terraform-provider-polyai is a plugin: Terraform and/) as string,
};

describe("the launcher", () => {
  it.each(["with spaces", "-dash", `"quotes" and 'quotes'`, "$(false) `false` *", "two\nlines"])(
    "starts from a folder called %j",
    async (name) => {
      const folder = placed(name);
      expect(await start(join(folder, PLUGIN_NAME))).toEqual(STARTED);
      expect(await start(join(name, PLUGIN_NAME))).toEqual(STARTED);
    },
  );

  it("starts by a link to its folder, and by links to itself", async () => {
    const folder = placed("linked");
    symlinkSync(folder, join(root, "folder-link"));
    symlinkSync(join("linked", PLUGIN_NAME), join(root, "relative-link"));
    symlinkSync(join(root, "relative-link"), join(root, "link-to-a-link"));
    for (const program of [join("folder-link", PLUGIN_NAME), "./relative-link", "./link-to-a-link"])
      expect(await start(program)).toEqual(STARTED);
  });

  it("starts where PATH finds it in the current folder", async () => {
    const folder = placed("current");
    const cwd = `cd ${folder} && PATH=:$PATH ${PLUGIN_NAME}`;
    const script = join(root, "current.sh");
    writeFileSync(script, `#!/bin/sh\n${cwd}\n`, { mode: 0o755 });
    expect(await start(script)).toEqual(STARTED);
  });

  it("starts from a folder that nobody may write to", async () => {
    const folder = placed("read-only");
    chmodSync(folder, 0o555);
    expect(await start(join(folder, PLUGIN_NAME))).toEqual(STARTED);
    chmodSync(folder, 0o755);
  });

  it('starts below "type": "module", and with a loader of ES modules', async () => {
    const folder = placed("module/plugin");
    writeFileSync(join(root, "module/package.json"), '{"type":"module"}');
    const loader = join(root, "loader.mjs");
    writeFileSync(
      loader,
      'import { register } from "node:module"; register("data:text/javascript,");',
    );
    expect(await start(join(folder, PLUGIN_NAME))).toEqual(STARTED);
    expect(await start(join(folder, PLUGIN_NAME), { NODE_OPTIONS: `--import ${loader}` })).toEqual(
      STARTED,
    );
  });

  it("says on stdout that there is no node, or that it is too old", async () => {
    const preload = join(root, "old.cjs");
    writeFileSync(
      preload,
      `for (const [name, value] of [["version", "v18.20.4"], ["versions", { node: "18.20.4" }]])
         Object.defineProperty(process, name, { value });`,
    );
    const old = `#!/bin/sh\nexec ${process.execPath} --require ${preload} "$@"\n`;
    const program = join(placed("aged"), PLUGIN_NAME);
    for (const [PATH, said] of [
      [pathWith("no-node"), "there is no node on PATH"],
      [pathWith("old", old), "node on PATH is v18.20.4"],
    ]) {
      expect(await start(program, { PATH })).toEqual({
        code: 1,
        signal: null,
        stdout: `terraform-provider-polyai needs Node.js 20 or later, and ${said!}.\n`,
        stderr: "",
      });
    }
  });

  it("has nothing in main.cjs that an old node cannot read", () => {
    const main = readFileSync(join(PLUGIN_FOLDER, "main.cjs"), "utf8");
    expect(main).not.toMatch(/\?\.|\?\?|node:|import\(/);
  });
});

describe("compiled code", () => {
  const preload = join(root, "enable.cjs");
  beforeAll(() =>
    writeFileSync(
      preload,
      `require("module").enableCompileCache = (folder) => process.stderr.write("keeps in " + folder + "\\n");`,
    ),
  );
  /** The folder that Node is told to keep it in; undefined for none. */
  const keptIn = async (env: Environment = {}): Promise<string | undefined> => {
    const { stderr } = await start(join(PLUGIN_FOLDER, PLUGIN_NAME), {
      NODE_OPTIONS: `--require ${preload}`,
      ...env,
    });
    expect(stderr).toContain("is a plugin");
    return /^keeps in (.*)$/m.exec(stderr)?.[1];
  };
  beforeEach(() => rmSync(join(home, ".cache"), { recursive: true, force: true }));

  it("is kept in a folder that the user alone can enter", async () => {
    expect(await keptIn()).toBe(COMPILED);
    expect(statSync(COMPILED).mode & 0o777).toBe(0o700);
    const XDG_CACHE_HOME = join(home, "caches");
    expect(await keptIn({ XDG_CACHE_HOME })).toBe(
      join(XDG_CACHE_HOME, "terraform-provider-polyai/compiled"),
    );
  });

  it("is kept by the home folder if XDG_CACHE_HOME is relative, and nowhere without either", async () => {
    expect(await keptIn({ XDG_CACHE_HOME: "caches" })).toBe(COMPILED);
    expect(existsSync(join(root, "caches"))).toBe(false);
    expect(await keptIn({ HOME: undefined })).toBeUndefined();
    expect(await keptIn({ HOME: "/dev/null" })).toBeUndefined();
  });

  it("is kept in no folder that others can enter, and behind no link", async () => {
    mkdirSync(COMPILED, { recursive: true, mode: 0o755 });
    expect(await keptIn()).toBeUndefined();
    rmSync(COMPILED, { recursive: true });
    mkdirSync(join(home, "elsewhere"), { mode: 0o700 });
    symlinkSync(join(home, "elsewhere"), COMPILED);
    expect(await keptIn()).toBeUndefined();
    rmSync(dirname(COMPILED), { recursive: true });
    symlinkSync(join(home, "elsewhere"), dirname(COMPILED));
    expect(await keptIn()).toBeUndefined();
    rmSync(dirname(COMPILED));
    mkdirSync(dirname(COMPILED));
    chmodSync(dirname(COMPILED), 0o777);
    expect(await keptIn()).toBeUndefined();
  });

  it("is removed when there is much of it, and not behind a link", async () => {
    mkdirSync(join(COMPILED, "old"), { recursive: true, mode: 0o700 });
    for (let file = 0; file <= 300; file++) writeFileSync(join(COMPILED, "old", String(file)), "");
    writeFileSync(join(root, "kept"), "");
    writeFileSync(join(dirname(COMPILED), "other"), "");
    symlinkSync(root, join(COMPILED, "link"));
    expect(await keptIn()).toBe(COMPILED);
    expect(existsSync(join(dirname(COMPILED), "other"))).toBe(true);
    expect(existsSync(join(COMPILED, "old"))).toBe(false);
    expect(existsSync(join(root, "kept"))).toBe(true);
  });
});

describeForEachCli((cli) => {
  it("shows what the launcher says", async () => {
    const workspace = Workspace.make(cli, {});
    await workspace.init();
    const { code, stderr } = await workspace.validate({
      env: { PATH: pathWith(`bare-${cli.product}`) },
    });
    expect(code).not.toBe(0);
    expect(stderr.replace(/[\s│]+/g, " ")).toContain("there is no node on PATH.");
  });
});
