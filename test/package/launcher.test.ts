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

/** A PATH whose `node` has loaded a script before anything else. */
const pathWithPreload = (name: string, script: string): string => {
  const preload = join(root, `${name}.cjs`);
  writeFileSync(preload, script);
  const node = `#!/bin/sh\nexec ${process.execPath} --require ${preload} "$@"\n`;
  return `${pathWith(name, node)}:${process.env.PATH ?? ""}`;
};

/** A PATH whose `node` says that it is of these versions. */
const pathOf = (versions: { readonly node: string; readonly bun?: string }): string =>
  pathWithPreload(
    `node-${versions.bun ?? versions.node}`,
    `const versions = ${JSON.stringify(versions)};
     for (const [name, value] of Object.entries({ versions, version: "v" + versions.node }))
       Object.defineProperty(process, name, { value });`,
  );

/** Runs the program with no host: it says on stderr that a host must start it. */
const start = (program: string, env?: Environment) => machine.start(program, [], env);

const STARTED = {
  code: 1,
  signal: null,
  stdout: "",
  stderr: expect.stringMatching(/^This binary is a plugin\. These are not meant to be/) as string,
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

  it.each([
    ["there is no node on PATH", "Node.js 20 or later", pathWith("no-node")],
    ["node on PATH is v18.20.4", "Node.js 20 or later", pathOf({ node: "18.20.4" })],
    [
      "node on PATH is Bun 1.3.14",
      "Node.js 20, Bun 1.4 or later, or its executable",
      pathOf({ node: "24.3.0", bun: "1.3.14" }),
    ],
  ])("says on stdout: %s", async (said, needed, PATH) => {
    expect(await start(join(PLUGIN_FOLDER, PLUGIN_NAME), { PATH })).toEqual({
      code: 1,
      signal: null,
      stdout: `terraform-provider-polyai needs ${needed}, and ${said}.\n`,
      stderr: "",
    });
  });

  it("starts with bun if there is no node, and keeps files of the current folder out", async () => {
    const bin = pathWith("bun-alone");
    const bun = `#!/bin/sh\necho "$1 $2" >&2\nshift 2\nexec ${process.execPath} "$@"\n`;
    writeFileSync(join(bin, "bun"), bun, { mode: 0o755 });
    const { code, stderr } = await start(join(PLUGIN_FOLDER, PLUGIN_NAME), { PATH: bin });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^--config=\/dev\/null --no-env-file\nThis binary/) as string,
    });
  });

  it("has nothing in main.cjs that an old node cannot read", () => {
    const main = readFileSync(join(PLUGIN_FOLDER, "main.cjs"), "utf8");
    expect(main).not.toMatch(/\?\.|\?\?|node:|import\(/);
  });
});

describe("compiled code", () => {
  const PATH = pathWithPreload(
    "enable",
    `require("module").enableCompileCache = (folder) => process.stderr.write("keeps in " + folder + "\\n");`,
  );
  /** The folder that Node is told to keep it in; undefined for none. */
  const keptIn = async (env: Environment = {}): Promise<string | undefined> => {
    const { stderr } = await start(join(PLUGIN_FOLDER, PLUGIN_NAME), { PATH, ...env });
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

  it("is kept in no folder that others can enter or exchange, and behind no link", async () => {
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
    chmodSync(dirname(COMPILED), 0o755);
    expect(await keptIn()).toBe(COMPILED);
    chmodSync(home, 0o777);
    expect(await keptIn()).toBeUndefined();
    chmodSync(home, 0o755);
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
