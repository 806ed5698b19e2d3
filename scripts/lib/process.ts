import { execFile, type ExecFileException, type ExecFileOptions } from "node:child_process";

/** Prints one line of progress on stderr; stdout is for results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Runs a program and gives its stdout. Throws with all that it printed if it fails. */
export function run(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { maxBuffer: 64 * 1024 * 1024, ...options, encoding: "utf8" as const };
    const ended = (error: ExecFileException | null, stdout: string, stderr: string) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`));
    };
    execFile(command, args, settings, ended).stdin?.end();
  });
}

/** Runs a script's main function. An error ends it with its sentence and exit code 1. */
export function main(work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    const { message, stack } = error as Error;
    say(process.env.DEBUG === undefined ? message : (stack ?? message));
    process.exitCode = 1;
  });
}
