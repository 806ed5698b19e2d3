import { attributePath, pathToString, type Path } from "../../../../src/plugin/cty/path.js";
import { UNKNOWN, containsUnknown, type Value } from "../../../../src/plugin/cty/value.js";

describe("a path", () => {
  it.each<[text: string, path: Path]>([
    ["", []],
    ["endpoint_id", attributePath("endpoint_id")],
    ["list.name", attributePath("list", "name")],
    ['triggers["a\\"b"]', [...attributePath("triggers"), { kind: "key", key: 'a"b' }]],
    ["[2].name", [{ kind: "index", index: 2 }, ...attributePath("name")]],
    ["set[1]", [...attributePath("set"), { kind: "element", index: 1 }]],
  ])("is written %s", (text, path) => {
    expect(pathToString(path)).toBe(text);
  });
});

describe("containsUnknown", () => {
  it.each<[name: string, value: Value, found: boolean]>([
    ["an unknown value", UNKNOWN, true],
    ["an array", ["a", [UNKNOWN]], true],
    ["a map", new Map([["a", UNKNOWN]]), true],
    ["an object", { a: { b: UNKNOWN } }, true],
    ["null", null, false],
    ["a string", "unknown", false],
    ["known parts", { a: [1, true], b: new Map([["c", "d"]]), e: null }, false],
  ])("of %s", (_name, value, found) => {
    expect(containsUnknown(value)).toBe(found);
  });
});
