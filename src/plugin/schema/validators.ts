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
      : `It must be one of ${allowed.map((each) => `"${each}"`).join(", ")}${isShort(value) ? `, not "${value}"` : ""}.`;

/** True for a word that a diagnostic may show, so that a typing error is seen. Others may be secrets. */
export const isShort = (text: string): boolean => /^[\w.-]{0,20}$/.test(text);

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

export const oneLine = matches(/^\P{Cc}*$/u, "text with no line feeds and control characters");

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
