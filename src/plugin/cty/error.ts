import { pathToString, type Path, type PathStep } from "./path.js";

/**
 * A value that is not of the type it should be, or bytes that hold none.
 *
 * The message says what was expected and which kind was found, never the value: it may be a secret.
 */
export class CtyError extends Error {
  override readonly name: string = "CtyError";

  constructor(
    /** The message without the path. */
    readonly problem: string,
    /** The path in the value. An element of a set stands at its index, as it arrived. */
    readonly path: Path = [],
  ) {
    super(path.length === 0 ? problem : `${pathToString(path)}: ${problem}`);
  }

  /** Says what was wanted and what was found instead. */
  static expected(wanted: string, found: string): CtyError {
    return new CtyError(`${wanted} is required, but ${found} was found`);
  }

  /** The same error, as seen from one level further out. */
  within(step: PathStep): CtyError {
    return new CtyError(this.problem, [step, ...this.path]);
  }
}

/** A number that cty holds and JavaScript does not. The practitioner can give another one. */
export class NumberError extends CtyError {
  override readonly name = "NumberError";

  constructor(path?: Path) {
    super("It is too large, or has more digits than this provider can work with.", path);
  }

  override within(step: PathStep): NumberError {
    return new NumberError([step, ...this.path]);
  }
}

/**
 * Reads or writes a part of a value. Paths are built on failure only, so that a value without fault
 * pays nothing for them.
 */
export function at<T>(step: PathStep, part: () => T): T {
  try {
    return part();
  } catch (error) {
    throw error instanceof CtyError ? error.within(step) : error;
  }
}
