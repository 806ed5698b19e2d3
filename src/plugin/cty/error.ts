import { pathToString, type Path, type PathStep } from "./path.js";

/** How deep a value or a type may nest. Real schemas stay below ten. */
export const MAX_DEPTH = 128;

/**
 * A value that is not of the type it should be, or bytes that hold none.
 *
 * The message says what was expected and which kind was found, never the value: it may be a secret.
 */
export class CtyError extends Error {
  override readonly name = "CtyError";

  constructor(
    /** The message without the path. */
    readonly problem: string,
    /** Where in the value. An element of a set stands at its index, as it arrived. */
    readonly path: Path = [],
  ) {
    super(path.length === 0 ? problem : `${pathToString(path)}: ${problem}`);
  }

  /** Says what was wanted and what was found instead. */
  static expected(wanted: string, found: string): CtyError {
    return new CtyError(`${wanted} is required, but ${found} was found`);
  }

  static tooDeep(): CtyError {
    return new CtyError(`nested more than ${String(MAX_DEPTH)} levels deep`);
  }
}

/**
 * The error as seen from one level further out. Paths are built this way, on failure only, so that
 * a value that decodes pays nothing for them.
 */
export const within = (step: PathStep, error: unknown): unknown =>
  error instanceof CtyError ? new CtyError(error.problem, [step, ...error.path]) : error;
