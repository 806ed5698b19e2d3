import { containsUnknown, UNKNOWN, type Value } from "../../../../src/plugin/cty/value.js";

it.each<[string, Value, boolean]>([
  ["an unknown value", UNKNOWN, true],
  ["an array", ["a", [UNKNOWN]], true],
  ["a map", new Map([["a", UNKNOWN]]), true],
  ["an object", { a: { b: UNKNOWN } }, true],
  ["known parts", { a: [1, "unknown"], b: new Map([["c", "d"]]), e: null }, false],
])("tells of %s if it contains what is unknown", (_name, value, found) => {
  expect(containsUnknown(value)).toBe(found);
});
