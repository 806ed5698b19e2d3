/** The placed files, started as Terraform starts them, wherever they lie and whatever Node there is. */
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { answer } from "../protocol/support/answers.js";
import { Machine } from "../support/machine.js";
import { PLUGIN_FOLDER, PLUGIN_NAME, type Environment } from "../support/workspace.js";

const { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } = fs;
const machine = new Machine();
const { folder: root, home } = machine;
const PROGRAM = join(PLUGIN_FOLDER, PLUGIN_NAME);

/** A folder with the placed files in it. */
function placed(name: string): string {
  fs.cpSync(PLUGIN_FOLDER, join(root, name), { recursive: true });
  return join(root, name);
}

/** A PATH with the system's shell, and with these programs. */
function pathWith(name: string, scripts: Readonly<Record<string, string>> = {}): string {
  mkdirSync(join(root, name));
  for (const [program, script] of Object.entries(scripts)) {
    writeFileSync(join(root, name, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return join(root, name);
}

/** A PATH whose `node` has loaded a script before anything else. */
const pathWithPreload = (name: string, script: string): string => {
  machine.write(`${name}.cjs`, script);
  const node = `exec ${process.execPath} --require ${root}/${name}.cjs "$@"`;
  return `${pathWith(name, { node })}:${process.env.PATH ?? ""}`;
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
const ended = (stdout: string, stderr: RegExp) => ({
  ...{ code: 1, signal: null, stdout },
  stderr: expect.stringMatching(stderr) as string,
});
const STARTED = ended("", /^This binary is a plugin\. These are not meant to be/);

describe("the launcher", () => {
  it.each(["with spaces", "-dash", `"quotes" and 'quotes'`, "$(false) `false` *", "two\nlines"])(
    "starts from a folder called %j",
    async (name) => {
      expect(await start(join(placed(name), PLUGIN_NAME))).toEqual(STARTED);
      expect(await start(join(name, PLUGIN_NAME))).toEqual(STARTED);
    },
  );

  it("starts by a link to its folder, by links to itself, and where PATH has the current folder", async () => {
    symlinkSync(placed("linked"), join(root, "folder-link"));
    symlinkSync(join("linked", PLUGIN_NAME), join(root, "relative-link"));
    symlinkSync(join(root, "relative-link"), join(root, "link-to-a-link"));
    pathWith("current", { program: `cd ${root}/linked && PATH=:$PATH ${PLUGIN_NAME}` });
    const links = [join("folder-link", PLUGIN_NAME), "./relative-link", "./link-to-a-link"];
    for (const program of [...links, "current/program"]) {
      expect(await start(program)).toEqual(STARTED);
    }
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
    const sentence = `terraform-provider-polyai needs ${needed}, and ${said}.\n`;
    expect(await start(PROGRAM, { PATH })).toEqual(ended(sentence, /^$/));
  });

  it("starts with bun if there is no node, and keeps files of the current folder out", async () => {
    const bun = `echo "$1 $2" >&2\nshift 2\nexec ${process.execPath} "$@"`;
    const PATH = pathWith("bun-alone", { bun });
    const stderr = /^--config=\/dev\/null --no-env-file\nThis binary/;
    expect(await start(PROGRAM, { PATH })).toEqual(ended("", stderr));
  });
});

describe("the plugin answers", () => {
  const FUNCTIONS = ["sign", "verify"];
  /** Below a package of ES modules. */
  const program = join(placed("module"), PLUGIN_NAME);
  machine.write("package.json", '{"type":"module"}');
  const prints = join(root, "prints.cjs");
  machine.write("prints.cjs", 'console.log("instrumented"); process.stdout.write("!");');

  it.each([
    `--require "${prints}"`,
    "--import ./of-the-users-folder.mjs",
    "--tls-max-v1.2 --tls-cipher-list=ECDHE-RSA-AES256-GCM-SHA384",
    `-r ${prints} --inspect-brk=0 --of-another-node`,
  ])("with NODE_OPTIONS=%s", async (NODE_OPTIONS) => {
    expect(await answer([program], { NODE_OPTIONS })).toEqual(FUNCTIONS);
  });

  it("and keeps of Node's variables what says whom to trust and how to connect", async () => {
    const node = `env > ${root}/environment\nexec ${process.execPath} "$@"`;
    const environment = {
      PATH: `${pathWith("bin", { node })}:${process.env.PATH ?? ""}`,
      NODE_OPTIONS:
        '--use-openssl-ca --import tsx --tls-cipher-list=DEFAULT -r x * --tls-keylog=keys --openssl-config="/my ssl" --inspect',
      NODE_EXTRA_CA_CERTS: "/nowhere",
      NODE_DEBUG: "http,tls",
      NODE_DEBUG_NATIVE: "http2",
      NODE_V8_COVERAGE: join(root, "coverage"),
      NODE_COMPILE_CACHE: join(root, "code"),
      BUN_CONFIG_VERBOSE_FETCH: "curl",
    };
    expect(await answer([program], environment)).toEqual(FUNCTIONS);
    const seen = machine.read("environment").match(/^(?:NODE|BUN)_.*$/gm);
    expect(seen?.sort()).toEqual([
      "NODE_EXTRA_CA_CERTS=/nowhere",
      "NODE_OPTIONS= --use-openssl-ca --tls-cipher-list=DEFAULT",
    ]);
  });

  it.each(["t".repeat(140 - root.length - 1), "a|b"])("with a TMPDIR of %s", async (name) => {
    const TMPDIR = pathWith(name);
    const environment = { TMPDIR, PLUGIN_UNIX_SOCKET_DIR: undefined };
    expect(await answer([program], environment)).toEqual(FUNCTIONS);
  });

  it("to a user without a name, who may write nowhere but in TMPDIR", async () => {
    const TMPDIR = pathWith("open");
    chmodSync(TMPDIR, 0o777);
    // Anybody may come in here.
    chmodSync(home, 0o755);
    // Nobody but root may become another user.
    const command =
      process.getuid?.() === 0
        ? ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", program]
        : [program];
    const environment = { HOME: "/", TMPDIR, PLUGIN_UNIX_SOCKET_DIR: undefined };
    chmodSync(dirname(program), 0o555);
    expect(await answer(command, environment)).toEqual(FUNCTIONS);
    chmodSync(dirname(program), 0o755);
  });
});

describe("compiled code", () => {
  const COMPILED = join(home, ".cache/terraform-provider-polyai/compiled");
  const PATH = pathWithPreload(
    "enable",
    `require("module").enableCompileCache = (folder) => process.stderr.write("keeps in " + folder + "\\n");`,
  );
  /** The folder that Node is told to keep it in; undefined for none. */
  const keptIn = async (env: Environment = {}): Promise<string | undefined> => {
    const { stderr } = await start(PROGRAM, { PATH, ...env });
    expect(stderr).toContain("is a plugin");
    return /^keeps in (.*)$/m.exec(stderr)?.[1];
  };
  beforeEach(() => rmSync(join(home, ".cache"), { recursive: true, force: true }));

  it("is kept in a folder that the user alone can enter, and nowhere without a home", async () => {
    expect(await keptIn()).toBe(COMPILED);
    expect(fs.statSync(COMPILED).mode & 0o777).toBe(0o700);
    const [XDG_CACHE_HOME, own] = [join(home, "caches"), "terraform-provider-polyai/compiled"];
    expect(await keptIn({ XDG_CACHE_HOME })).toBe(join(XDG_CACHE_HOME, own));
    expect(await keptIn({ XDG_CACHE_HOME: "relative" })).toBe(COMPILED);
    expect(existsSync(join(root, "relative"))).toBe(false);
    expect(await keptIn({ HOME: undefined })).toBeUndefined();
    expect(await keptIn({ HOME: "/dev/null" })).toBeUndefined();
  });

  const above = dirname(COMPILED);
  const elsewhere = join(home, "elsewhere");
  mkdirSync(elsewhere, { mode: 0o700 });

  it.each<[string, () => void]>([
    ["that others can enter", () => mkdirSync(COMPILED, { recursive: true, mode: 0o755 })],
    [
      "behind a link",
      () => {
        mkdirSync(above, { recursive: true });
        symlinkSync(elsewhere, COMPILED);
      },
    ],
    ["in a home that others can change", () => chmodSync(home, 0o777)],
  ])("is kept in no folder %s", async (_, make) => {
    make();
    expect(await keptIn()).toBeUndefined();
    chmodSync(home, 0o755);
  });

  it("is removed when there is much of it, and not behind a link", async () => {
    mkdirSync(join(COMPILED, "old"), { recursive: true, mode: 0o700 });
    for (let file = 0; file <= 300; file++) writeFileSync(join(COMPILED, "old", String(file)), "");
    const kept = [join(root, "kept"), join(above, "other")];
    for (const file of kept) writeFileSync(file, "");
    symlinkSync(root, join(COMPILED, "link"));
    expect(await keptIn()).toBe(COMPILED);
    expect(existsSync(join(COMPILED, "old"))).toBe(false);
    expect(kept.filter(existsSync)).toEqual(kept);
  });
});
