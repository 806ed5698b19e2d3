/** The placed plugin starts and answers, whatever the environment of its host holds. */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { answer } from "../protocol/support/answers.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { PLUGIN_FOLDER, PLUGIN_NAME } from "../support/workspace.js";

const root = temporaryFolder();
const FUNCTIONS = ["sign", "verify"];

/** The plugin below a package of ES modules. */
const program = join(root, "module/plugin", PLUGIN_NAME);
const file = (name: string, text: string): string => {
  writeFileSync(join(root, name), text);
  return join(root, name);
};

const folder = (name: string): string => {
  mkdirSync(join(root, name));
  return join(root, name);
};

beforeAll(() => {
  // Anybody may come in here.
  chmodSync(root, 0o755);
  cpSync(PLUGIN_FOLDER, dirname(program), { recursive: true });
  file("module/package.json", '{"type":"module"}');
});

const prints = file("prints.cjs", 'console.log("instrumented"); process.stdout.write("!");');

it.each([
  `--require "${prints}"`,
  "--import ./of-the-users-folder.mjs",
  `-r ${prints} --inspect-brk=0 --of-another-node`,
])("with NODE_OPTIONS=%s", async (NODE_OPTIONS) => {
  expect(await answer([program], { NODE_OPTIONS })).toEqual(FUNCTIONS);
});

it("keeps of Node's variables what says whom to trust and how to connect", async () => {
  const bin = folder("bin");
  const node = `#!/bin/sh\nenv > ${root}/environment\nexec ${process.execPath} "$@"\n`;
  writeFileSync(join(bin, "node"), node, { mode: 0o755 });
  const environment = {
    PATH: `${bin}:${process.env.PATH ?? ""}`,
    NODE_OPTIONS:
      "--use-openssl-ca --import tsx --tls-cipher-list=DEFAULT -r x * --tls-keylog=keys --inspect",
    NODE_EXTRA_CA_CERTS: "/nowhere",
    NODE_DEBUG: "http,tls",
    NODE_DEBUG_NATIVE: "http2",
    NODE_V8_COVERAGE: join(root, "coverage"),
    NODE_COMPILE_CACHE: join(root, "code"),
    BUN_CONFIG_VERBOSE_FETCH: "curl",
  };
  expect(await answer([program], environment)).toEqual(FUNCTIONS);
  const seen = readFileSync(join(root, "environment"), "utf8").match(/^(?:NODE|BUN)_.*$/gm);
  expect(seen?.sort()).toEqual([
    "NODE_EXTRA_CA_CERTS=/nowhere",
    "NODE_OPTIONS= --use-openssl-ca --tls-cipher-list=DEFAULT",
  ]);
});

it("with a TMPDIR of 140 characters", async () => {
  const TMPDIR = folder("t".repeat(140 - root.length - 1));
  const environment = { TMPDIR, PLUGIN_UNIX_SOCKET_DIR: undefined };
  expect(await answer([program], environment)).toEqual(FUNCTIONS);
});

it("as a user without a name, who may write nowhere but in TMPDIR", async () => {
  const TMPDIR = folder("open");
  chmodSync(TMPDIR, 0o777);
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
