/** Each way in which a start fails: `doctor` names a way out, which is followed, and then it starts. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { thisPlatform } from "../../src/placement/package.js";
import { clis } from "../support/cli.js";
import { simulatorForAll } from "../support/simulator.js";
import {
  PLUGIN_FOLDER,
  PLUGIN_NAME,
  PROVIDER_VERSION,
  REQUIRED_PROVIDERS,
  type Environment,
} from "../support/workspace.js";
import { zipOf } from "../support/zip.js";
import { Patient, patientWith } from "./patient.js";

const simulator = simulatorForAll();

const LOCK = ".terraform.lock.hcl";
const MARKERS = "<<<<<<< ours\n=======\n>>>>>>> theirs\n";

interface Failure {
  /** May give what then is in the environment. */
  readonly harm: (person: Patient) => unknown;
  /** The problem that `doctor` tells, with its way out. */
  readonly told: RegExp;
  /** Follows the way out; gets what `told` has in parentheses. */
  readonly follow: (person: Patient, ...found: readonly string[]) => unknown;
  readonly args?: readonly string[];
}

const links = (link: string, target: string) => {
  rmSync(link, { force: true });
  symlinkSync(target, link);
};
const replaceNode = (person: Patient, script: string) => {
  person.lacks("node");
  person.installs({ node: script.replace("@node", `'${process.execPath}'`) });
};
const givesNode = ({ home }: Patient) => links(join(home, "bin/node"), process.execPath);
/** Runs the command that the way out ends with. */
const runsCommand = (person: Patient, command: string) => person.json(command.split(" "));

const FOR_NODE = "let node --version print 20 or later in \\S+, or use the executable";
const REPLACE =
  /^provider: (\S+) is not as .*: remove it, and run terraform-provider-polyai (install --into \S+)$/;
const REPLACED = {
  told: REPLACE,
  follow: (person: Patient, folder: string, command: string) => {
    rmSync(folder, { recursive: true, force: true });
    return runsCommand(person, command);
  },
};

const archive = `terraform-provider-polyai_${PROVIDER_VERSION}_${thisPlatform()}.zip`;
/** Installs a program that needs a shell of its own. */
const placeProgram = async (person: Patient) => {
  const main = `exec '${process.execPath}' '${PLUGIN_FOLDER}/main.cjs'`;
  const program = `#!${shell(person)}\n${main}\n`;
  writeFileSync(join(person.folder, archive), zipOf({ [PLUGIN_NAME]: program }));
  await person.json(["install", "--into", ".", "--from", archive]);
};
const shell = ({ home }: Patient) => join(home, "sh");
const givesShell = (person: Patient) => links(shell(person), "/bin/sh");

const FAILURES: Readonly<Record<string, Failure>> = {
  "there is no Node": {
    harm: (person) => person.lacks("node"),
    told: new RegExp(`^start: .* there is no node on PATH\\): ${FOR_NODE}`),
    follow: givesNode,
  },
  "a version manager knows no version for the folder": {
    harm: (person) =>
      replaceNode(
        person,
        '[ -e .tool-versions ] || { echo no version >&2; exit 126; }\nexec @node "$@"',
      ),
    told: new RegExp(`^start: .* \\(no version\\): ${FOR_NODE}`),
    follow: (person) => person.write(".tool-versions", "nodejs 20"),
  },
  "NODE_OPTIONS has an option of another Node": {
    harm: (person) => {
      const refuse = 'echo "node: $NODE_OPTIONS is not allowed in NODE_OPTIONS" >&2; exit 9';
      replaceNode(person, `[ -z "$NODE_OPTIONS" ] || { ${refuse}; }\nexec @node "$@"`);
      return { NODE_OPTIONS: "--use-openssl-ca" };
    },
    told: /^start: .* is not allowed in NODE_OPTIONS\): correct NODE_OPTIONS, without which it starts$/,
    follow: () => undefined,
  },
  "the temporary folder is not there": {
    harm: () => ({ TMPDIR: "/nowhere" }),
    told: /^start: .*mkdtemp.*: set TMPDIR to a folder that this user can write to$/,
    follow: () => undefined,
  },
  "the program may not be executed": {
    harm: ({ plugin }) => chmodSync(plugin, 0o644),
    told: /^provider: .* may not be executed: run terraform-provider-polyai (install --into [^\s,]+), or mount it without noexec$/,
    follow: runsCommand,
  },
  "a file is cut short": {
    harm: ({ plugin }) => truncateSync(join(plugin, "../main.cjs"), 1000),
    ...REPLACED,
  },
  "another program is in its place": {
    harm: ({ plugin, home }) => writeFileSync(plugin, `#!/bin/sh\n>'${home}/started'\n`),
    ...REPLACED,
  },
  "it is there for other platforms only": {
    ...REPLACED,
    harm: ({ plugin }) => rmSync(dirname(plugin), { recursive: true }),
    told: /^provider: (\S+) is missing, .*, and run terraform-provider-polyai (install --into \S+)$/,
  },
  "the lock file has the hash of other files": {
    harm: (person) => person.write(LOCK, person.read(LOCK).replace(/h1:.{8}/, "h1:AAAAAAAA")),
    told: /^lock file: .*: remove the provider's entry, and run terraform init$/,
    follow: (person) => person.write(LOCK, ""),
  },
  "the lock file has markers of a merge": {
    harm: (person) => person.write(LOCK, MARKERS + person.read(LOCK)),
    told: /^lock file: Line 1 of \S+ is not understood: correct the line$/,
    follow: (person) => person.write(LOCK, person.read(LOCK).replace(MARKERS, "")),
  },
  "there is no shell, as in a distroless image": {
    harm: placeProgram,
    told: /^start: .* ENOENT\): what the file needs is missing, such as \/bin\/sh in a distroless image: /,
    follow: givesShell,
    args: ["--from", archive],
  },
  "its file system runs no programs": {
    harm: async (person) => {
      person.write("../sh", "");
      await placeProgram(person);
    },
    told: /^start: .* EACCES\): mount its file system without noexec$/,
    follow: givesShell,
    args: ["--from", archive],
  },
  "a plugin cache links to a project that is gone": {
    harm: async (person) => {
      const args = ["install", "--mirror", "../mirror"];
      const { configuration } = await person.json<{ configuration: string }>(args);
      const cache = join(person.home, "cache");
      person.write("../cli.tfrc", `plugin_cache_dir = "${cache}"\n${configuration}`);
      const version = join(cache, "registry.terraform.io/polyai/polyai", PROVIDER_VERSION);
      mkdirSync(version, { recursive: true });
      symlinkSync(join(person.home, "gone"), join(version, thisPlatform()));
    },
    told: /^link: (\S+) links to a folder that is gone: remove the link$/,
    follow: (_, link) => rmSync(link),
  },
};

/** True if the CLI installs and starts the provider. */
async function starts(person: Patient, env: Environment): Promise<boolean> {
  person.write("main.tf", `${REQUIRED_PROVIDERS}provider "polyai" {}\n`);
  rmSync(join(person.folder, ".terraform"), { recursive: true, force: true });
  for (const command of ["init", "validate"]) {
    const { code } = await person.start(clis()[0]!.path, [command, "-no-color"], env);
    if (code !== 0) return false;
  }
  return true;
}

it.each(Object.entries(FAILURES))("if %s, says how it starts again", async (_, failure) => {
  const { harm, told, follow, args = [] } = failure;
  const person = await patientWith(simulator());
  expect(await starts(person, {})).toBe(true);
  const env = ((await harm(person)) ?? {}) as Environment;
  expect(await starts(person, env)).toBe(false);

  const problem = await person.problem(told, ["--offline", ...args], env);
  await follow(person, ...told.exec(problem)!.slice(1));
  expect(await starts(person, {})).toBe(true);
  expect(await person.problems(["--offline", ...args])).toEqual([]);
});

it("a user without a home folder installs beside a configuration, and doctor finds it", async () => {
  const person = new Patient(simulator());
  const none = `throw new Error("ENOENT: no such file or directory, uv_os_homedir");`;
  person.write(
    "../homeless.cjs",
    `for (const name of ["homedir", "userInfo"]) require("os")[name] = () => { ${none} };`,
  );
  const env = { HOME: undefined, NODE_OPTIONS: `--require ${person.home}/homeless.cjs` };
  expect(await person.run(["install"], env)).toMatchObject({
    code: 1,
    stderr: "This user has no home folder to install into: set HOME, or use --into FOLDER.\n",
  });
  expect(await person.run(["install", "--into", "."], env)).toMatchObject({ code: 0, stderr: "" });
  expect(await person.problems(["--offline"], env)).toEqual([]);
  expect(await person.run(["install", "--uninstall"], env)).toMatchObject({ code: 0, stderr: "" });
  expect(await starts(person, { HOME: undefined })).toBe(true);
});
