import type { Value } from "../cty/value.js";
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
      : `It must be one of ${allowed.map((each) => `"${each}"`).join(", ")}.`;

export const integer: Validator<number> = (value) =>
  Number.isInteger(value) ? undefined : "It must be a whole number.";

export const atLeast =
  (minimum: number): Validator<number> =>
  (value) =>
    value >= minimum ? undefined : `It must be at least ${String(minimum)}.`;

export const atMost =
  (maximum: number): Validator<number> =>
  (value) =>
    value <= maximum ? undefined : `It must be at most ${String(maximum)}.`;

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

/** Holds every element of a set against a validator. */
export const everyElement =
  <V extends Value>(validator: Validator<V>): Validator<readonly V[]> =>
  (value) => {
    for (const element of value) {
      const problem = validator(element);
      if (typeof problem === "string") {
        return { message: problem, at: [{ kind: "element", value: element }] };
      }
    }
    return undefined;
  };
