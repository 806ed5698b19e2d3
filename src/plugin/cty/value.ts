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
