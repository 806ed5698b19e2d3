import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";

/** The exit codes of a command. */
export const EXIT = { ok: 0, problem: 1, usage: 2 } as const;

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>;

/** The result of a command, as text for a person and as data for `--json`. */
export interface Outcome {
  /** False makes the exit code 1. */
  readonly ok: boolean;
  readonly text: string;
  readonly data?: object;
}

/** Arguments that are not as the usage has them. */
export class UsageError extends Error {}

/** Runs a command with the arguments after its name, and gives the exit code. */
export type Command = (argv: readonly string[]) => Promise<number>;

/**
 * A command, which reads its arguments, does its work and prints the outcome. `--help` prints the
 * usage; wrong arguments print the mistake to stderr, and the usage; any other failure prints one
 * sentence.
 *
 * @param options besides `--help`
 * @param work throws a UsageError for wrong arguments, or an Error whose message says the way out
 * @param most the number of arguments that are not options
 */
export const command =
  <const O extends Options>(
    usage: string,
    options: O,
    work: (values: Parsed<O>["values"], given: readonly string[]) => Outcome | Promise<Outcome>,
    most = 0,
  ): Command =>
  async (argv) => {
    const json = argv.includes("--json");
    try {
      const own = { ...options, help: { type: "boolean", short: "h" } } as const;
      const settings = { options: own, allowPositionals: true, strict: true } as const;
      const { values, positionals }: Parsed<O> = parseArgs({ args: [...argv], ...settings });
      if ("help" in values) {
        process.stdout.write(usage);
        return EXIT.ok;
      }
      if ([positionals, ...Object.values(values)].flat().includes("")) {
        throw new UsageError("An argument is empty.");
      }
      if (positionals.length > most) {
        throw new UsageError(`It does not take "${String(positionals[most])}".`);
      }
      const { ok, text, data } = await work(values, positionals);
      if (json) writeJson({ ok, ...data });
      else process.stdout.write(text);
      return ok ? EXIT.ok : EXIT.problem;
    } catch (error) {
      const { message, code } = error as { readonly message: string; readonly code?: unknown };
      // The code of another library's error may be a number.
      if (error instanceof UsageError || String(code).startsWith("ERR_PARSE_ARGS")) {
        process.stderr.write(`${message}\n\n${usage}`);
        return EXIT.usage;
      }
      if (json) writeJson({ ok: false, error: message });
      else process.stderr.write(`${message}\n`);
      return EXIT.problem;
    }
  };

/** An argument that names a folder, in full. @throws if it is not there */
export function existingFolder(given: string): string {
  const folder = resolve(given);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new Error(`There is no folder ${folder}.`);
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const writeJson = (value: object): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};
