import { isInfinite, numberToText, numbersEqual } from "./number.js";
import { typeEquals } from "./type-json.js";
import type { Type } from "./type.js";
import {
  Decimal,
  Dynamic,
  Unknown,
  isArrayValue,
  isMapValue,
  isObjectValue,
  type CtyNumber,
  type Refinements,
  type Value,
} from "./value.js";

/**
 * Whether two values are the same, as cty's `RawEquals` has it: nulls are equal, numbers are equal
 * as numbers whatever holds them, strings as Unicode text (in normal form C), and an unknown value
 * is equal to another with the same refinements and to nothing else.
 *
 * Two sets are equal regardless of order and repetition. Only the type tells a set from a list:
 * without it, arrays are compared in order.
 */
export function valuesEqual(a: Value, b: Value, type?: Type): boolean {
  if (a === b) return true;
  if (typeof a === "string") {
    return typeof b === "string" && a.normalize() === b.normalize();
  }
  if (isNumber(a)) return isNumber(b) && numbersEqual(a, b);
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (a instanceof Unknown) {
    return b instanceof Unknown && refinementsEqual(a.refinements, b.refinements);
  }
  if (a instanceof Dynamic) {
    return (
      b instanceof Dynamic && typeEquals(a.type, b.type) && valuesEqual(a.value, b.value, a.type)
    );
  }
  if (isArrayValue(a)) {
    if (!isArrayValue(b)) return false;
    return type?.kind === "set" ? setsEqual(a, b, type.element) : arraysEqual(a, b, type);
  }
  if (isMapValue(a)) {
    return isMapValue(b) && mapsEqual(a, b, type?.kind === "map" ? type.element : undefined);
  }
  if (!isObjectValue(a) || !isObjectValue(b)) return false;
  const attributes = type?.kind === "object" ? type.attributes : undefined;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(
      (name) =>
        Object.hasOwn(b, name) &&
        valuesEqual(a[name] as Value, b[name] as Value, attributes?.[name]),
    )
  );
}

const isNumber = (value: Value): value is CtyNumber =>
  typeof value === "number" || typeof value === "bigint" || value instanceof Decimal;

function arraysEqual(a: readonly Value[], b: readonly Value[], type: Type | undefined): boolean {
  const typeAt = (index: number): Type | undefined =>
    type?.kind === "tuple"
      ? type.elements[index]
      : type?.kind === "list"
        ? type.element
        : undefined;
  return (
    a.length === b.length &&
    a.every((value, index) => valuesEqual(value, b[index] as Value, typeAt(index)))
  );
}

function mapsEqual(
  a: ReadonlyMap<string, Value>,
  b: ReadonlyMap<string, Value>,
  element: Type | undefined,
): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !valuesEqual(value, other, element)) return false;
  }
  return true;
}

function setsEqual(a: readonly Value[], b: readonly Value[], element: Type): boolean {
  const left = distinct(a, element);
  const right = distinct(b, element);
  if (left.size !== right.size) return false;
  for (const [key, values] of left) {
    const others = [...(right.get(key) ?? [])];
    if (others.length !== values.length) return false;
    for (const value of values) {
      const match = others.findIndex((other) => valuesEqual(value, other, element));
      if (match < 0) return false;
      others.splice(match, 1);
    }
  }
  return true;
}

/**
 * The elements of a set without repetition, in groups outside which none has its equal. Unknown
 * elements all stay: they may turn out to differ.
 */
function distinct(values: readonly Value[], element: Type): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = groupOf(value);
    const group = groups.get(key);
    if (!group) groups.set(key, [value]);
    else if (value instanceof Unknown || !group.some((each) => valuesEqual(each, value, element))) {
      group.push(value);
    }
  }
  return groups;
}

function groupOf(value: Value): string {
  if (typeof value === "string") return `"${value.normalize()}`;
  if (isNumber(value))
    return isInfinite(value) ? (value === Infinity ? "+" : "-") : numberToText(value);
  return "other";
}

function refinementsEqual(a: Refinements = {}, b: Refinements = {}): boolean {
  return (
    (a.notNull ?? false) === (b.notNull ?? false) &&
    (a.stringPrefix ?? "") === (b.stringPrefix ?? "") &&
    boundsEqual(a.numberMin, b.numberMin) &&
    boundsEqual(a.numberMax, b.numberMax) &&
    (a.lengthMin ?? 0) === (b.lengthMin ?? 0) &&
    a.lengthMax === b.lengthMax
  );
}

function boundsEqual(a: Refinements["numberMin"], b: Refinements["numberMin"]): boolean {
  if (!a || !b) return a === b;
  return a.inclusive === b.inclusive && numbersEqual(a.value, b.value);
}
