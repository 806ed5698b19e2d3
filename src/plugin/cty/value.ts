/**
 * A cty value as plain JavaScript.
 *
 * | cty          | here                                                               |
 * | ------------ | ------------------------------------------------------------------ |
 * | null         | `null`: the practitioner gave nothing                              |
 * | unknown      | {@link UNKNOWN}: decided only during apply                         |
 * | string, bool | `string`, `boolean`                                                |
 * | number       | `number`; any that it cannot hold exactly is refused               |
 * | list, set    | array                                                              |
 * | map          | `Map` (keys are data, so `__proto__` is a key like any other)      |
 * | object       | record                                                             |
 */
export type Value =
  | null
  | Unknown
  | string
  | boolean
  | number
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | ObjectValue;

export interface ObjectValue {
  readonly [attribute: string]: Value;
}

/**
 * A value that is not known yet. It stands in plans; a state holds none. The hints that the host
 * may give about it, cty's refinements, are dropped: nothing here reads them.
 */
export class Unknown {
  /** Exists in the type system alone: without it, any object would pass for an Unknown. */
  declare private readonly unknown: true;
}

export const UNKNOWN = new Unknown();

export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;

export const isArrayValue = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isMapValue = (value: Value): value is ReadonlyMap<string, Value> =>
  value instanceof Map;

export const isObjectValue = (value: Value): value is ObjectValue =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Map) &&
  !(value instanceof Unknown);

/** True if the value or any part of it is unknown. */
export function containsUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (isArrayValue(value)) return value.some(containsUnknown);
  if (isMapValue(value)) return [...value.values()].some(containsUnknown);
  return isObjectValue(value) && Object.values(value).some(containsUnknown);
}

/** The kind of a value, for an error that must not show the value itself. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (value instanceof Unknown) return "an unknown value";
  if (value instanceof Map) return "a map";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`.replace("boolean", "bool");
}
