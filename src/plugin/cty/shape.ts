import type { ObjectType, Type } from "./type.js";

/** What both codecs ask of an object type again and again. */
export interface Shape {
  /** In order of name, which is the order of the wire. */
  readonly attributes: readonly ShapeAttribute[];
  readonly byName: ReadonlyMap<string, ShapeAttribute>;
}

export interface ShapeAttribute {
  readonly name: string;
  readonly type: Type;
  readonly utf8: Uint8Array;
}

const shapes = new WeakMap<ObjectType, Shape>();

export function shapeOf(type: ObjectType): Shape {
  let shape = shapes.get(type);
  if (!shape) {
    const attributes = sortByCodePoint(Object.keys(type.attributes)).map((name) => ({
      name,
      type: type.attributes[name] as Type,
      utf8: Buffer.from(name),
    }));
    shape = { attributes, byName: new Map(attributes.map((each) => [each.name, each])) };
    shapes.set(type, shape);
  }
  return shape;
}

/** Sorts as Go does, by UTF-8; JavaScript alone sorts by UTF-16, which puts emoji before `ﬁ`. */
export function sortByCodePoint(names: string[]): string[] {
  return names.some((name) => /[\ud800-\udfff]/.test(name))
    ? names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    : names.sort();
}

/** An object as this runtime builds it: no name is special, not even `__proto__`. */
export const emptyRecord = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

/** Text that has half a surrogate pair has no UTF-8, and would arrive changed. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
