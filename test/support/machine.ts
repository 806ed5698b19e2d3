/** The machine of a person or of a CI's runner, and what is run there. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Cli, ROOT, run, type RunResult, succeed } from "./cli.js";
import { temporaryFolder } from "./temporary-folder.js";
import { PROVIDER_VERSION, type Environment } from "./workspace.js";

export const COMMAND = join(ROOT, "dist/cli.js");

/** An empty home, an empty CLI configuration, a folder to work in, and no network. */
export class Machine {
  readonly home = temporaryFolder();
  readonly folder = join(this.home, "work");
  /** The environment of every program there. */
  readonly env: Environment;

  /** @param env in which ~ stands for the home */
  constructor(env: Environment = {}) {
    mkdirSync(this.folder);
    const own = Object.entries(env).map(([name, value]) => [name, value?.replace("~", this.home)]);
    this.env = {
      PATH: process.env.PATH,
      HOME: this.home,
      CHECKPOINT_DISABLE: "1",
      // Nobody listens there.
      HTTPS_PROXY: "http://127.0.0.1:9",
      TF_CLI_CONFIG_FILE: join(this.home, "cli.tfrc"),
      ...(Object.fromEntries(own) as Environment),
    };
    this.write("../cli.tfrc", "");
  }

  /** A machine that has the CLI under both names, and an npx that takes this package and no other. */
  static with(cli: Cli, env: Environment = {}): Machine {
    const machine = new Machine({ PATH: `~/bin${delimiter}${process.env.PATH ?? ""}`, ...env });
    const npx = `[ "$1" = --yes ] && shift
case "$1" in
  terraform-provider-polyai | terraform-provider-polyai@${PROVIDER_VERSION}) shift ;;
  *) echo "npx would get $1" >&2; exit 9 ;;
esac
exec '${process.execPath}' '${COMMAND}' "$@"`;
    const run = `exec '${cli.path}' "$@"`;
    // A container installs jq by apk; here it is on PATH.
    machine.installs({ terraform: run, tofu: run, npx, apk: "" });
    return machine;
  }

  /** Puts scripts for /bin/sh on the machine's PATH, if that begins with ~/bin. */
  installs(scripts: Readonly<Record<string, string>>): void {
    mkdirSync(join(this.home, "bin"), { recursive: true });
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(this.home, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
  }

  /** Runs a script as it stands, in the folder. @throws Error with what it printed, if it fails */
  shell(script: string, env?: Environment): Promise<RunResult> {
    return succeed(this.start("bash", ["-eo", "pipefail", "-c", script], env));
  }

  /** Runs a program in the folder, to its end. */
  start(path: string, args: readonly string[], env: Environment = {}): Promise<RunResult> {
    return run({ path }, args, { cwd: this.folder, env: { ...this.env, ...env } });
  }

  /** Runs the built command. */
  run(args: readonly string[], env?: Environment): Promise<RunResult> {
    return this.start(process.execPath, [COMMAND, ...args], env);
  }

  /** The same, where it must succeed and print JSON. */
  async json<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run([...args, "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout) as T;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
}
