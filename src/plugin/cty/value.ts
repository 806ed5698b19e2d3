import type { Type } from "./type.js";

/**
 * A cty value as plain JavaScript.
 *
 * | cty            | here                                                                   |
 * | -------------- | ---------------------------------------------------------------------- |
 * | null           | `null`: the practitioner gave nothing                                  |
 * | unknown        | an {@link Unknown}: decided only during apply                          |
 * | string, bool   | `string`, `boolean`                                                    |
 * | number         | `number` where it is exact, else `bigint` or {@link Decimal}           |
 * | list, set, tuple | array                                                                |
 * | map            | `Map` (keys are data, so `__proto__` is a key like any other)          |
 * | object         | record                                                                 |
 * | dynamic        | {@link Dynamic}: the value with its type                               |
 */
export type Value =
  | null
  | Unknown
  | string
  | boolean
  | CtyNumber
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | ObjectValue
  | Dynamic;

export type CtyNumber = number | bigint | Decimal;

export interface ObjectValue {
  readonly [attribute: string]: Value;
}

/** A value that is not known yet. It stands in plans; a state holds none. */
export class Unknown {
  /** What is known of it all the same: cty's refinements, kept as they came. */
  constructor(readonly refinements?: Refinements) {}
}

/** What the host knows of an unknown value before it is known. */
export interface Refinements {
  /** `true`: certainly not null. */
  readonly notNull?: boolean;
  readonly stringPrefix?: string;
  readonly numberMin?: { readonly value: CtyNumber; readonly inclusive: boolean };
  readonly numberMax?: { readonly value: CtyNumber; readonly inclusive: boolean };
  readonly lengthMin?: number;
  readonly lengthMax?: number;
}

/** The unknown value of which nothing else is known. */
export const UNKNOWN = new Unknown();

export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;

/** A number that neither `number` nor `bigint` holds exactly, as canonical decimal text. */
export class Decimal {
  constructor(readonly text: string) {}
}

/** A value in a place of dynamic type, with the type it turned out to have. */
export class Dynamic {
  constructor(
    readonly type: Type,
    readonly value: Value,
  ) {}
}

export const isArrayValue = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isMapValue = (value: Value): value is ReadonlyMap<string, Value> =>
  value instanceof Map;

export const isObjectValue = (value: Value): value is ObjectValue =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Map) &&
  !(value instanceof Unknown) &&
  !(value instanceof Decimal) &&
  !(value instanceof Dynamic);

/** What kind of value it is, for an error that must not show the value itself. */
export function kindOf(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (value instanceof Unknown) return "an unknown value";
  if (value instanceof Dynamic) return "a dynamic value";
  if (value instanceof Decimal) return "a number";
  if (value instanceof Map) return "a map";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "string":
      return "a string";
    case "boolean":
      return "a bool";
    case "number":
    case "bigint":
      return "a number";
    case "object":
      return "an object";
    default:
      return "something that is no value";
  }
}
