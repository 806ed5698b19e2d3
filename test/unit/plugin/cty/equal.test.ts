import fc from "fast-check";
import { valuesEqual } from "../../../../src/plugin/cty/equal.js";
import {
  BOOL,
  DYNAMIC,
  NUMBER,
  STRING,
  list,
  map,
  object,
  set,
  tuple,
  type Type,
} from "../../../../src/plugin/cty/type.js";
import {
  Decimal,
  Dynamic,
  UNKNOWN,
  Unknown,
  type Value,
} from "../../../../src/plugin/cty/value.js";
import { typed } from "./support.js";

const unknownFrom = (value: number): Unknown =>
  new Unknown({ numberMin: { value, inclusive: true } });

describe("valuesEqual", () => {
  it.each<[name: string, type: Type, a: Value, b: Value]>([
    ["nulls", STRING, null, null],
    ["an integer as number and bigint", NUMBER, 5, 5n],
    ["an integer as bigint and Decimal", NUMBER, 2n ** 64n, new Decimal("18446744073709551616.0")],
    ["a fraction as number and Decimal", NUMBER, 0.1, new Decimal("0.10")],
    ["a float64 beyond 2^53 and its bigint", NUMBER, 2 ** 60, 2n ** 60n],
    ["zero and minus zero", NUMBER, 0, -0],
    ["infinities", NUMBER, Infinity, Infinity],
    ["strings in two normal forms", STRING, "\u00e9", "e\u0301"],
    ["unknowns", STRING, UNKNOWN, new Unknown()],
    ["an unknown and one of which nothing is said", STRING, UNKNOWN, new Unknown({ lengthMin: 0 })],
    [
      "unknowns with equal refinements",
      NUMBER,
      unknownFrom(1),
      new Unknown({ numberMin: { value: new Decimal("1"), inclusive: true } }),
    ],
    ["sets in another order", set(STRING), ["a", "b"], ["b", "a"]],
    ["sets with repetitions", set(NUMBER), [1, 2, 1], [2, 1n, 2]],
    [
      "sets of objects in another order",
      set(object({ a: NUMBER })),
      [{ a: 1 }, { a: 2 }],
      [{ a: 2n }, { a: 1 }],
    ],
    ["sets of infinities", set(NUMBER), [Infinity, 2n ** 99n], [2n ** 99n, Infinity]],
    [
      "sets within a map",
      map(set(STRING)),
      new Map([["k", ["a", "b"]]]),
      new Map([["k", ["b", "a"]]]),
    ],
    ["sets within an object", object({ s: set(STRING) }), { s: ["a", "b"] }, { s: ["b", "a"] }],
    ["sets within a tuple", tuple([set(BOOL)]), [[true, false]], [[false, true]]],
    [
      "sets within a dynamic value",
      DYNAMIC,
      new Dynamic(set(BOOL), [true, false]),
      new Dynamic(set(BOOL), [false, true]),
    ],
    [
      "maps in another order",
      map(BOOL),
      new Map([
        ["a", true],
        ["b", false],
      ]),
      new Map([
        ["b", false],
        ["a", true],
      ]),
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
    ["null and unknown", STRING, null, UNKNOWN],
    ["unknown and a value", STRING, UNKNOWN, "a"],
    ["unknowns with other refinements", NUMBER, unknownFrom(1), unknownFrom(2)],
    ["unknown, refined and not", NUMBER, UNKNOWN, unknownFrom(1)],
    [
      "a bound that is open and one that is closed",
      NUMBER,
      unknownFrom(1),
      new Unknown({ numberMin: { value: 1, inclusive: false } }),
    ],
    ["a number and its text", NUMBER, 1, "1"],
    ["a bool and its text", BOOL, true, "true"],
    ["integers that float64 cannot tell apart", NUMBER, 2n ** 53n, 2n ** 53n + 1n],
    ["a number and a bigint next to it", NUMBER, 2 ** 53, 2n ** 53n + 1n],
    [
      "a fraction and one a little greater",
      NUMBER,
      0.1,
      new Decimal("0.1000000000000000055511151231257827"),
    ],
    ["a number and infinity", NUMBER, 2n ** 2000n, Infinity],
    ["lists in another order", list(STRING), ["a", "b"], ["b", "a"]],
    ["lists with repetitions", list(STRING), ["a", "a"], ["a"]],
    ["sets of other elements", set(STRING), ["a", "b"], ["a", "c"]],
    ["a set and one with less", set(STRING), ["a", "b"], ["a"]],
    ["sets with one unknown element and with two", set(STRING), [UNKNOWN, UNKNOWN], [UNKNOWN]],
    [
      "sets of objects that differ",
      set(object({ a: NUMBER })),
      [{ a: 1 }, { a: 2 }],
      [{ a: 1 }, { a: 3 }],
    ],
    ["maps with other keys", map(BOOL), new Map([["a", true]]), new Map([["b", true]])],
    ["maps with other values", map(BOOL), new Map([["a", true]]), new Map([["a", false]])],
    ["maps of which one has more", map(BOOL), new Map(), new Map([["a", null]])],
    ["a map and an object", map(BOOL), new Map(), {}],
    ["an object and an array", object({}), {}, []],
    ["objects with other names", object({ a: BOOL }), { a: null }, { toString: null }],
    ["a dynamic value and its value", DYNAMIC, new Dynamic(STRING, "a"), "a"],
    ["dynamic nulls of two types", DYNAMIC, new Dynamic(STRING, null), new Dynamic(BOOL, null)],
    ["a dynamic null with a type and one without", DYNAMIC, new Dynamic(STRING, null), null],
  ])("does not hold for %s", (_name, type, a, b) => {
    expect(valuesEqual(a, b, type)).toBe(false);
    expect(valuesEqual(b, a, type)).toBe(false);
  });

  it("compares arrays in order where it is not told that they are sets", () => {
    expect(valuesEqual(["a", "b"], ["a", "b"])).toBe(true);
    expect(valuesEqual(["a", "b"], ["b", "a"])).toBe(false);
  });

  it("compares large sets of strings without comparing each with each", () => {
    const a = Array.from({ length: 100_000 }, (_, index) => `element ${String(index)}`);
    expect(valuesEqual(a, a.toReversed(), set(STRING))).toBe(true);
  });

  it("holds for any value and itself", () => {
    fc.assert(
      fc.property(typed({ unknowns: true }), ({ type, value }) =>
        valuesEqual(value, structuredCopy(value), type),
      ),
    );
  });
});

/** The same value with none of its parts shared. */
function structuredCopy(value: Value): Value {
  if (value instanceof Unknown) return new Unknown({ ...value.refinements });
  if (value instanceof Decimal) return new Decimal(value.text);
  if (value instanceof Dynamic) return new Dynamic(value.type, structuredCopy(value.value));
  if (value instanceof Map) {
    return new Map([...value].map(([key, each]) => [key as string, structuredCopy(each as Value)]));
  }
  if (Array.isArray(value)) return value.map((each) => structuredCopy(each as Value));
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.create(null) as Record<string, Value>;
  for (const [name, each] of Object.entries(value)) copy[name] = structuredCopy(each as Value);
  return copy;
}
