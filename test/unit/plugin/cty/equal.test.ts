import fc from "fast-check";
import { valuesEqual } from "../../../../src/plugin/cty/equal.js";
import {
  BOOL,
  NUMBER,
  STRING,
  list,
  map,
  object,
  set,
  type Type,
} from "../../../../src/plugin/cty/type.js";
import { UNKNOWN, Unknown, type Value } from "../../../../src/plugin/cty/value.js";
import { typed } from "./support.js";

const points = set(object({ a: NUMBER }));
const entries = (...pairs: [string, Value][]): Value => new Map(pairs);

describe("valuesEqual", () => {
  it.each<[name: string, type: Type, a: Value, b: Value]>([
    ["nulls", STRING, null, null],
    ["zero and minus zero", NUMBER, 0, -0],
    ["strings in two normal forms", STRING, "\u00e9", "e\u0301"],
    ["unknowns", STRING, UNKNOWN, new Unknown()],
    ["sets in another order", set(STRING), ["a", "b"], ["b", "a"]],
    ["sets with repetitions", set(NUMBER), [1, 2, 1], [2, 1, 2]],
    ["sets of objects in another order", points, [{ a: 1 }, { a: 2 }], [{ a: 2 }, { a: 1 }]],
    ["sets within a list", list(set(STRING)), [["a", "b"]], [["b", "a"]]],
    ["sets within an object", object({ s: set(STRING) }), { s: ["a", "b"] }, { s: ["b", "a"] }],
    [
      "maps in another order",
      map(BOOL),
      entries(["a", true], ["b", false]),
      entries(["b", false], ["a", true]),
    ],
    [
      "objects in another order",
      object({ a: BOOL, b: BOOL }),
      { a: true, b: false },
      { b: false, a: true },
    ],
  ])("holds for %s", (_name, type, a, b) => {
    expect(valuesEqual(a, b, type)).toBe(true);
    expect(valuesEqual(b, a, type)).toBe(true);
  });

  it.each<[name: string, type: Type, a: Value, b: Value]>([
    ["null and an empty string", STRING, null, ""],
    ["null and its word", STRING, null, "null"],
    ["null and unknown", STRING, null, UNKNOWN],
    ["null and an empty list", list(STRING), null, []],
    ["null and a list of null", list(STRING), null, [null]],
    ["null and an empty map", map(STRING), null, entries()],
    ["null and an object of null", object({ a: BOOL }), null, { a: null }],
    ["neighbouring numbers", NUMBER, 0.1, 0.1 + 2 ** -56],
    ["lists in another order", list(STRING), ["a", "b"], ["b", "a"]],
    ["lists with repetitions", list(STRING), ["a", "a"], ["a"]],
    ["lists cut in another place", list(list(STRING)), [["a"], ["b"]], [["a", "b"]]],
    ["strings that look like two", list(STRING), ['a","b'], ["a", "b"]],
    ["a set and one with less", set(STRING), ["a", "b"], ["a"]],
    ["sets of objects that differ", points, [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }]],
    ["maps with other values", map(BOOL), entries(["a", true]), entries(["a", false])],
    ["maps of which one has more", map(BOOL), entries(), entries(["a", null])],
    [
      "keys that look like two",
      map(BOOL),
      entries(['a":true,"b', true]),
      entries(["a", true], ["b", true]),
    ],
    [
      "objects with other values",
      object({ a: BOOL, b: BOOL }),
      { a: true, b: null },
      { a: null, b: true },
    ],
  ])("does not hold for %s", (_name, type, a, b) => {
    expect(valuesEqual(a, b, type)).toBe(false);
    expect(valuesEqual(b, a, type)).toBe(false);
  });

  it.each<[name: string, type: Type, element: (index: number) => Value]>([
    ["strings", set(STRING), (index) => `element ${String(index)}`],
    ["objects", points, (a) => ({ a })],
  ])("compares large sets of %s without comparing each with each", (_name, type, element) => {
    const a = Array.from({ length: 100_000 }, (_, index) => element(index));
    expect(valuesEqual(a, a.toReversed(), type)).toBe(true);
  });

  it("holds for any value and its copy, and for none in its place", () => {
    fc.assert(
      fc.property(typed, ({ type, value }) => {
        expect(valuesEqual([value], [value], list(type))).toBe(true);
        expect(valuesEqual(value, value === null ? UNKNOWN : null, type)).toBe(false);
      }),
    );
  });
});
