/** An answer that is not what the API documents. The message quotes no value. */
export class ShapeError extends Error {
  constructor(
    readonly problem: string,
    readonly path = "",
  ) {
    super(path === "" ? problem : `${path}: ${problem}`);
  }
}

/** Reads a JSON value. @throws ShapeError where it is not of the type */
export type Field<V> = (value: unknown) => V;

const mismatch = (expected: string): never => {
  throw new ShapeError(`expected ${expected}`);
};

/** Unicode's limit for marks in a row (UAX #15, stream-safe text): normalizing more takes ages. */
const TOO_MANY_MARKS = /\p{M}{31}/u;

export const string: Field<string> = (value) =>
  typeof value === "string" && !TOO_MANY_MARKS.test(value) ? value : mismatch("a string");

export const nonEmptyString: Field<string> = (value) =>
  value === "" ? mismatch("a string that is not empty") : string(value);

/**
 * True for text that Terraform keeps as it is: with no half of a surrogate pair, and in NFC, since
 * Terraform normalizes every string. A secret that is changed on its way verifies nothing.
 */
export const isStorable = (text: string): boolean =>
  !/\p{Surrogate}/u.test(text) && text === text.normalize("NFC");

export const secretText: Field<string> = (value) => {
  const text = nonEmptyString(value);
  return isStorable(text) ? text : mismatch("text that Terraform keeps as it is");
};

export const boolean: Field<boolean> = (value) =>
  typeof value === "boolean" ? value : mismatch("true or false");

export const number: Field<number> = (value) =>
  Number.isFinite(value) ? (value as number) : mismatch("a number");

export const integer: Field<number> = (value) =>
  Number.isSafeInteger(value) ? (value as number) : mismatch("a whole number");

/** One of the documented words. A word that the API learns later passes, so that reading goes on. */
export const word =
  <V extends string>(): Field<V> =>
  (value) =>
    string(value) as V;

export const listOf =
  <V>(item: Field<V>): Field<readonly V[]> =>
  (value) =>
    Array.isArray(value)
      ? value.map((entry: unknown, index) => within(String(index), () => item(entry)))
      : mismatch("a list");

export const mapOf =
  <V>(item: Field<V>): Field<Readonly<Record<string, V>>> =>
  (value) =>
    Object.fromEntries(
      // Keys are the account's own, and are not quoted.
      Object.entries(asObject(value)).map(([key, entry]) => [key, within("*", () => item(entry))]),
    );

/** `fallback` where the field is null or left out. */
export const or =
  <V, F>(field: Field<V>, fallback: F): Field<V | F> =>
  (value) =>
    value === null || value === undefined ? fallback : field(value);

/** The answer to a call that gives nothing. */
export const nothing: Field<void> = (value) =>
  value === undefined ? undefined : mismatch("no body");

/**
 * Reads an object of the wire, whose names are in snake_case. Fields that `shape` does not name are
 * dropped.
 */
export const object =
  <T extends object>(shape: { readonly [K in keyof T]: Field<T[K]> }): Field<T> =>
  (value) => {
    const fields = asObject(value);
    return Object.fromEntries(
      Object.entries<Field<unknown>>(shape).map(([name, field]) => {
        const wireName = snakeCase(name);
        return [name, within(wireName, () => field(fields[wireName]))];
      }),
    ) as T;
  };

/** The list that the API wraps in `{ data: […] }`. */
export const dataOf =
  <V>(item: Field<V>): Field<readonly V[]> =>
  (value) =>
    within("data", () => listOf(item)(asObject(value)["data"]));

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : mismatch("an object");

function within<V>(name: string, read: () => V): V {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(error.problem, error.path === "" ? name : `${name}.${error.path}`);
  }
}

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Writes an object for the wire. What is `undefined` is left out. */
export const toWire = (value: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [snakeCase(name), field]),
  );
