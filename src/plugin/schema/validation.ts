import { attributePath, type Path, type PathStep } from "../cty/path.js";
import type { Type } from "../cty/type.js";
import { containsUnknown, isUnknown, type ObjectValue, type Value } from "../cty/value.js";
import type { SchemaDefinition } from "./define.js";

/** One thing wrong with a config. */
export interface InvalidValue {
  readonly attribute: Path;
  /** Sentences for the practitioner. They never quote the value, which may be a secret. */
  readonly message: string;
}

/**
 * Checks what the practitioner gives against the schema's validators. What is unknown is not
 * looked at: it is checked again once it is known.
 */
export function invalidValues(
  { attributes }: SchemaDefinition,
  values: ObjectValue,
): readonly InvalidValue[] {
  return Object.entries(attributes).flatMap(([name, { source, options, type }]) => {
    const value = values[name] ?? null;
    if (source === "computed" || value === null) return [];
    const at = attributePath(name);
    const nulls = nullElements(value, type.cty, at);
    if (nulls.length > 0 || containsUnknown(value)) return nulls;
    // The first complaint of each attribute is enough: 0.5 is no whole number of at least 1, once.
    for (const validator of options.validate ?? []) {
      const problem = validator(value);
      if (typeof problem === "string") return [{ attribute: at, message: problem }];
      if (problem !== undefined) {
        return [{ attribute: [...at, ...problem.at], message: problem.message }];
      }
    }
    return [];
  });
}

/**
 * Finds values for what the provider alone sets. Core takes them at validate, and blames the
 * provider for them at plan; there the config may have them rightly, out of the prior state, for
 * ignore_changes.
 */
export const configuredComputed = (
  { attributes }: SchemaDefinition,
  config: ObjectValue,
): readonly InvalidValue[] =>
  Object.entries(attributes)
    .filter(([name, { source }]) => source === "computed" && (config[name] ?? null) !== null)
    .map(([name]) => ({
      attribute: attributePath(name),
      message: "The provider alone sets it, so it cannot be configured. Remove it.",
    }));

/** The elements of collections that are null: their TypeScript types have no place for it. */
function nullElements(value: Value, type: Type, at: Path): readonly InvalidValue[] {
  if (isUnknown(value)) return [];
  if (value === null) {
    return [{ attribute: at, message: "An element must not be null: leave it out instead." }];
  }
  const within = (part: Value, partType: Type, step: PathStep): readonly InvalidValue[] =>
    nullElements(part, partType, [...at, step]);
  switch (type.kind) {
    case "list":
      return (value as readonly Value[]).flatMap((element, index) =>
        within(element, type.element, { kind: "index", index }),
      );
    case "set":
      return (value as readonly Value[]).flatMap((element) =>
        within(element, type.element, { kind: "element", value: element }),
      );
    case "map":
      return [...(value as ReadonlyMap<string, Value>)].flatMap(([key, element]) =>
        within(element, type.element, { kind: "key", key }),
      );
    default:
      return [];
  }
}
