import fc from "fast-check";
import { valuesEqual } from "../../../../src/plugin/cty/equal.js";
import * as t from "../../../../src/plugin/cty/type.js";
import { UNKNOWN, Unknown, type Value } from "../../../../src/plugin/cty/value.js";
import { typed } from "./support.js";

const { BOOL, NUMBER, STRING, list, map, object, set } = t;
const points = set(object({ a: NUMBER }));
const entries = (...pairs: [string, Value][]): Value => new Map(pairs);

/** The same value, its sets, maps and objects in another order and its sets with a repetition. */
function rearranged(value: Value, type: t.Type): Value {
  if (value === null || value instanceof Unknown) return value;
  const reversed = (parts: readonly Value[], element: t.Type) =>
    parts.map((part) => rearranged(part, element)).reverse();
  switch (type.kind) {
    case "list":
      return reversed(value as Value[], type.element).reverse();
    case "set":
      return [...reversed(value as Value[], type.element), ...(value as Value[]).slice(0, 1)];
    case "map":
      return new Map(
        [...(value as Map<string, Value>)]
          .map(([key, part]) => [key, rearranged(part, type.element)] as const)
          .reverse(),
      );
    case "object":
      return Object.fromEntries(
        Object.entries(value)
          .map(([name, part]) => [name, rearranged(part as Value, type.attributes[name]!)])
          .reverse(),
      ) as Value;
    default:
      return value;
  }
}

it("holds for any value and its copy in another order, and for none in its place", () => {
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      expect(valuesEqual([value], [rearranged(value, type)], list(type))).toBe(true);
      expect(valuesEqual(value, value === null ? UNKNOWN : null, type)).toBe(false);
    }),
  );
});

it.each<[holds: boolean, name: string, type: t.Type, a: Value, b: Value]>([
  [true, "zero and minus zero", NUMBER, 0, -0],
  [true, "strings in two normal forms", STRING, "\u00e9", "e\u0301"],
  [true, "unknowns", STRING, UNKNOWN, new Unknown()],
  [false, "null and its word", STRING, null, "null"],
  [false, "null and an object of null", object({ a: BOOL }), null, { a: null }],
  [false, "neighbouring numbers", NUMBER, 0.1, 0.1 + 2 ** -56],
  [false, "lists in another order", list(STRING), ["a", "b"], ["b", "a"]],
  [false, "lists cut in another place", list(list(STRING)), [["a"], ["b"]], [["a", "b"]]],
  [false, "strings that look like two", list(STRING), ['a","b'], ["a", "b"]],
  [false, "a set and one with less", set(STRING), ["a", "b"], ["a"]],
  [false, "sets of objects that differ", points, [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }]],
  [false, "maps with other values", map(BOOL), entries(["a", true]), entries(["a", false])],
  [false, "maps of which one has more", map(BOOL), entries(), entries(["a", null])],
])("is %p for %s", (holds, _name, type, a, b) => {
  expect(valuesEqual(a, b, type)).toBe(holds);
  expect(valuesEqual(b, a, type)).toBe(holds);
});

it("compares large sets without comparing each with each", () => {
  const a = Array.from({ length: 100_000 }, (_, index) => ({ a: index }));
  expect(valuesEqual(a, a.toReversed(), points)).toBe(true);
});
