/** The Terraform and OpenTofu that end-to-end tests run against, and how they are run. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resolveClis, type Cli } from "../../scripts/cli.js";

export type { Cli } from "../../scripts/cli.js";

/** The repository's root folder. */
export const ROOT = join(__dirname, "..", "..");

/** The text of a file in examples/. */
export const example = (path: string): string => readFileSync(join(ROOT, "examples", path), "utf8");

export interface RunResult {
  /** The exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Added to the small environment that every run gets; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Gives it a process group of its own, so that a signal can reach it as Ctrl-C would. */
  readonly ownGroup?: boolean;
}

export interface Running {
  readonly child: ChildProcess;
  readonly result: Promise<RunResult>;
}

let resolved: readonly Cli[] | undefined;

/**
 * The CLIs that CLIS names, as scripts/cli.ts reads it: `found` (the default) for every product
 * that is here, `all`, or a list such as `terraform@1.5.7,tofu`. Throws where one is not here.
 */
export function clis(): readonly Cli[] {
  resolved ??= resolveClis(process.env.CLIS ?? "found");
  return resolved;
}

/** Describes the suite once for each CLI, with the CLI's name and version in the title. */
export function describeForEachCli(suite: (cli: Cli) => void): void {
  for (const cli of clis()) {
    describe(`${cli.product} ${cli.version}`, () => {
      suite(cli);
    });
  }
}

/** True if the CLI is at least as new as the version for its product, such as "1.11". */
export function isAtLeast(cli: Cli, oldest: Readonly<Record<Cli["product"], string>>): boolean {
  return cli.version.localeCompare(oldest[cli.product], "en", { numeric: true }) >= 0;
}

/**
 * Starts a CLI. It sees PATH and a temporary folder of this process's environment and nothing else,
 * so that no configuration, key or plugin of the person who runs the tests takes part.
 */
export function start(
  cli: Pick<Cli, "path">,
  args: readonly string[],
  options: RunOptions,
): Running {
  const child = spawn(cli.path, args, {
    cwd: options.cwd,
    env: environment(args, options),
    stdio: ["ignore", "pipe", "pipe"],
    detached: options.ownGroup ?? false,
    // Longer than any test, so that nothing is left behind for good.
    timeout: 900_000,
    killSignal: "SIGKILL",
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const result = new Promise<RunResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
  return { child, result };
}

/** Runs a CLI to its end. A failure is no exception: see `code`, or use `succeed`. */
export function run(
  cli: Pick<Cli, "path">,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  return start(cli, args, options).result;
}

/** The result of a run that must end with exit code 0; throws with all that it printed otherwise. */
export async function succeed(running: Promise<RunResult>): Promise<RunResult> {
  const result = await running;
  if (result.code === 0) return result;
  throw new Error(
    `ended with ${String(result.code ?? result.signal)}:\n${result.stdout}\n${result.stderr}`,
  );
}

/** The output, without the frame that Terraform draws and its line breaks. */
export const words = ({ stdout, stderr }: RunResult): string =>
  `${stdout}\n${stderr}`.replace(/^[│╷╵]\s?/gm, "").replace(/\s*\n\s*/g, " ");

// OpenTofu 1.6 shows a state without its configuration, and then takes a provider of
// registry.terraform.io for one of its own registry, which nobody installed. This stops it.
const SHOW = { OPENTOFU_STATEFILE_PROVIDER_ADDRESS_TRANSLATION: "0" } as const;

function environment(
  [command]: readonly string[],
  { cwd, env = {} }: RunOptions,
): NodeJS.ProcessEnv {
  const all: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    HOME: join(cwd, "home"),
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: join(cwd, "home", "cli.tfrc"),
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    ...(command === "show" ? SHOW : {}),
    ...env,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
