import { attributePath, type Path, type PathStep } from "../cty/path.js";
import { containsUnknown, isUnknown, type ObjectValue, type Value } from "../cty/value.js";
import type { Attribute, ValueType } from "./attribute.js";
import type { SchemaDefinition } from "./define.js";
import { isShort } from "./validators.js";

/** One thing wrong with a config. */
export interface InvalidValue {
  readonly attribute: Path;
  readonly fault: "Missing" | "Invalid";
  /** Sentences for the practitioner. They quote no value that may be a secret. */
  readonly message: string;
}

/**
 * Checks what the practitioner gives: what is required is there, and the schema's validators take
 * the rest. What is unknown is not looked at: it is checked again once it is known.
 */
export const invalidValues = (
  { attributes }: SchemaDefinition,
  values: ObjectValue,
): readonly InvalidValue[] =>
  Object.entries<Attribute>(attributes).flatMap(([name, attribute]) => {
    const { source } = attribute;
    const value = values[name] ?? null;
    if (source === "computed" || (value === null && source !== "required")) return [];
    return problemsOf(attribute, value, attributePath(name));
  });

function problemsOf({ type, options }: Attribute, value: Value, at: Path): readonly InvalidValue[] {
  const nulls = missingValues(value, type, at);
  if (nulls.length > 0) return nulls;
  const invalid = (message: string | undefined, attribute: Path): readonly InvalidValue[] =>
    message === undefined ? [] : [{ attribute, fault: "Invalid", message }];
  const parts = partsOf(value, type).flatMap(({ step, value: part }, _, { length }) => {
    const path = [...at, step];
    const { key = "" } = step.kind === "key" ? step : {};
    const keyPath = options.sensitive && !isShort(key) ? at : path;
    const known = part !== null && !containsUnknown(part);
    const problem = known ? options.validateElement?.(part as never) : undefined;
    const hint = problem !== undefined && step.kind === "element" && length > 1 ? IN_ORDER : "";
    return [
      ...(step.kind === "key" ? invalid(options.validateKey?.(key), keyPath) : []),
      ...invalid(problem && problem + hint, path),
    ];
  });
  if (parts.length > 0 || containsUnknown(value)) return parts;
  // The first complaint of each attribute is enough: 0.5 is no whole number of at least 1, once.
  for (const validator of options.validate ?? []) {
    const problem = validator(value);
    if (problem !== undefined) return invalid(problem, at);
  }
  return [];
}

const IN_ORDER = " The elements of a set count from 0, in alphabetical order.";

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
      fault: "Invalid",
      message: "The provider alone sets it, so it cannot be configured. Remove it.",
    }));

/**
 * Finds null in place of a value, as a variable or `try` may leave it, which core lets pass: the
 * TypeScript types have no place for it.
 */
export function missingValues(
  value: Value,
  type: ValueType<unknown>,
  at: Path,
): readonly InvalidValue[] {
  if (value === null) return type.nullable === true ? [] : [missing(at)];
  return partsOf(value, type).flatMap(({ step, value: part, type: partType }) =>
    missingValues(part, partType, [...at, step]),
  );
}

function missing(attribute: Path): InvalidValue {
  const last = attribute.at(-1)?.kind;
  return last === "attribute"
    ? {
        attribute,
        fault: "Missing",
        message:
          "It is required, and null here. Give it a value: the variable, try() or lookup() that it comes from may need another default.",
      }
    : {
        attribute,
        fault: "Invalid",
        message: "An element must not be null: leave it out instead.",
      };
}

interface Part {
  readonly step: PathStep;
  readonly value: Value;
  readonly type: ValueType<unknown>;
}

/** The elements of a collection, or the attributes of an object, as far as they are known. */
function partsOf(value: Value, { cty, element, attributes }: ValueType<unknown>): readonly Part[] {
  if (isUnknown(value)) return [];
  if (attributes !== undefined) {
    return Object.entries(attributes).map(([name, type]) => ({
      step: { kind: "attribute", name },
      value: (value as ObjectValue)[name] ?? null,
      type,
    }));
  }
  if (element === undefined) return [];
  if (cty.kind === "map") {
    return [...(value as ReadonlyMap<string, Value>)].map(([key, part]) => ({
      step: { kind: "key", key },
      value: part,
      type: element,
    }));
  }
  const kind = cty.kind === "set" ? "element" : "index";
  return (value as readonly Value[]).map((part, index) => ({
    step: { kind, index },
    value: part,
    type: element,
  }));
}
