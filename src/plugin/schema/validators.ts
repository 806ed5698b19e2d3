import type { Validator } from "./attribute.js";

/** `description` ends the sentence "must be …". */
export const matches =
  (pattern: RegExp, description: string): Validator<string> =>
  (value) =>
    pattern.test(value) ? undefined : `It must be ${description}.`;

export const oneOf =
  <V extends string>(...allowed: readonly V[]): Validator<string> =>
  (value) =>
    (allowed as readonly string[]).includes(value)
      ? undefined
      : `It must be one of ${allowed.map((each) => `"${each}"`).join(", ")}${butNot(value)}.`;

/** Shows a short word, so that a typing error is seen; a longer text may be a secret. */
const butNot = (value: string): string => (/^[\w.-]{0,20}$/.test(value) ? `, not "${value}"` : "");

export const integer: Validator<number> = (value) =>
  Number.isInteger(value) ? undefined : "It must be a whole number.";

export const atLeast =
  (minimum: number): Validator<number> =>
  (value) =>
    value >= minimum ? undefined : `It must be at least ${String(minimum)}.`;

/** @param reason a sentence */
export const atMost =
  (maximum: number, reason = ""): Validator<number> =>
  (value) =>
    value <= maximum ? undefined : `It must be at most ${String(maximum)}. ${reason}`.trimEnd();

export const noControlCharacters: Validator<string> = (value) =>
  /\p{Cc}/u.test(value)
    ? "It must have no control characters, such as a line feed or NUL."
    : undefined;

/** Lengths are in Unicode code points, as JSON Schema counts them. */
export const lengthBetween =
  (minimum: number, maximum: number): Validator<string> =>
  (value) => {
    const length = [...value].length;
    return length >= minimum && length <= maximum
      ? undefined
      : `It must have ${String(minimum)} to ${String(maximum)} characters; it has ${String(length)}.`;
  };

export const notEmpty: Validator<readonly unknown[]> = (value) =>
  value.length > 0 ? undefined : "It must have at least one element.";
