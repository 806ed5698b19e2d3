import { parseArgs, type ParseArgsConfig } from "node:util";

/** The exit codes of a command. */
export const EXIT = { ok: 0, problem: 1, usage: 2 } as const;

/** A request that cannot be met; the message says why, and the way out. */
export class Problem extends Error {}

/** A command's arguments, and the text that explains them. */
export interface Syntax<O extends ParseArgsConfig["options"]> {
  readonly usage: string;
  readonly options: O;
  /** The number of arguments that are not options. */
  readonly positionals: number;
}

type Values<O extends ParseArgsConfig["options"]> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>["values"];

/**
 * Reads a command's arguments and does its work. `--help` prints the usage; wrong arguments print
 * what is wrong with them to stderr, and the usage; what else fails prints one sentence, as JSON to
 * stdout if `--json` is given.
 *
 * @param work gives the exit code; a UsageError or Problem that it throws is told as such
 */
export async function runCommand<const O extends NonNullable<ParseArgsConfig["options"]>>(
  { usage, options, positionals: most }: Syntax<O>,
  argv: readonly string[],
  work: (values: Values<O>, positionals: readonly string[]) => number | Promise<number>,
): Promise<number> {
  try {
    const { values, positionals } = read(argv, options);
    if ((values as { help?: boolean }).help === true) {
      process.stdout.write(usage);
      return EXIT.ok;
    }
    if (positionals.length > most) {
      throw new UsageError(`It does not take "${String(positionals[most])}".`);
    }
    return await work(values, positionals);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage}`);
      return EXIT.usage;
    }
    if (argv.includes("--json")) writeJson({ ok: false, error: messageOf(error) });
    else process.stderr.write(`${messageOf(error)}\n`);
    return EXIT.problem;
  }
}

/** Arguments that are not as the usage has them. */
export class UsageError extends Error {}

function read<O extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

export const writeJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};
