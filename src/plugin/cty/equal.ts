import { sortedAttributes, type Type } from "./type.js";
import { Unknown, type ObjectValue, type Value } from "./value.js";

/**
 * True if two values of a type are the same: strings as Unicode text (in normal form C), sets
 * regardless of order and repetition, and an unknown value only to another.
 */
export const valuesEqual = (a: Value, b: Value, type: Type): boolean =>
  a === b || canonical(a, type) === canonical(b, type);

/** A text that is the same for equal values, and for no others of the type. */
function canonical(value: Value, type: Type): string {
  if (value === null) return "null";
  if (value instanceof Unknown) return "unknown";
  switch (type.kind) {
    case "string":
      return JSON.stringify((value as string).normalize());
    case "number":
    case "bool":
      return `${value as number | boolean}`;
    case "list":
      return `[${elements(value, type.element).join()}]`;
    case "set":
      return `[${[...new Set(elements(value, type.element))].sort().join()}]`;
    case "map": {
      const entries = [...(value as ReadonlyMap<string, Value>)].map(
        ([key, element]) => `${JSON.stringify(key)}:${canonical(element, type.element)}`,
      );
      return `{${entries.sort().join()}}`;
    }
    case "object": {
      const attributes = sortedAttributes(type).map(([name, attribute]) =>
        canonical((value as ObjectValue)[name] ?? null, attribute),
      );
      return `{${attributes.join()}}`;
    }
  }
}

const elements = (value: Value, type: Type): string[] =>
  (value as readonly Value[]).map((element) => canonical(element, type));
