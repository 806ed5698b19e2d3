import { valuesEqual } from "./equal.js";
import type { Path, PathStep } from "./path.js";
import {
  Dynamic,
  UNKNOWN,
  Unknown,
  isArrayValue,
  isMapValue,
  isObjectValue,
  type Value,
} from "./value.js";

/** Whether the value or any part of it is unknown. */
export function containsUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (value instanceof Dynamic) return containsUnknown(value.value);
  if (isArrayValue(value)) return value.some(containsUnknown);
  if (isMapValue(value)) return [...value.values()].some(containsUnknown);
  if (isObjectValue(value)) return Object.values(value).some(containsUnknown);
  return false;
}

/**
 * The part of a value that a path leads to. A part of an unknown value is unknown; `undefined` says
 * that there is no such part.
 */
export function getAtPath(value: Value, path: Path): Value | undefined {
  let part: Value | undefined = value;
  for (const step of path) {
    while (part instanceof Dynamic) part = part.value;
    if (part === undefined) return undefined;
    if (part instanceof Unknown) return UNKNOWN;
    part = takeStep(part, step);
  }
  return part;
}

function takeStep(value: Value, step: PathStep): Value | undefined {
  switch (step.kind) {
    case "attribute":
      return isObjectValue(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
    case "key":
      return isMapValue(value) ? value.get(step.key) : undefined;
    case "index":
      return isArrayValue(value) ? value[step.index] : undefined;
    case "element":
      return isArrayValue(value)
        ? value.find((element) => valuesEqual(element, step.value))
        : undefined;
  }
}
