import { CtyError, within } from "../../../../src/plugin/cty/error.js";
import {
  appendStep,
  attributePath,
  pathToString,
  type Path,
} from "../../../../src/plugin/cty/path.js";
import { STRING, set } from "../../../../src/plugin/cty/type.js";
import { Dynamic, UNKNOWN, type Value } from "../../../../src/plugin/cty/value.js";
import { containsUnknown, getAtPath } from "../../../../src/plugin/cty/walk.js";

const value: Value = {
  id: "whe_1",
  nothing: null,
  later: UNKNOWN,
  triggers: new Map<string, Value>([["__proto__", "a"]]),
  list: [{ name: "first" }],
  set: [["x"], ["y"]],
  dynamic: new Dynamic(set(STRING), ["z"]),
};

const path = (...steps: (string | number | { key: string } | { element: Value })[]): Path =>
  steps.map((step) => {
    if (typeof step === "string") return { kind: "attribute", name: step };
    if (typeof step === "number") return { kind: "index", index: step };
    if ("key" in step) return { kind: "key", key: step.key };
    return { kind: "element", value: step.element };
  });

describe("a path", () => {
  it.each<[text: string, path: Path]>([
    ["", []],
    ["endpoint_id", path("endpoint_id")],
    ['rotation_triggers["a"]', path("rotation_triggers", { key: "a" })],
    ['rotation_triggers["a\\"b"].c', path("rotation_triggers", { key: 'a"b' }, "c")],
    ["list[0].name", path("list", 0, "name")],
    ["[2]", path(2)],
    ["set[...].name", path("set", { element: "secret" }, "name")],
  ])("is written %s", (text, steps) => {
    expect(pathToString(steps)).toBe(text);
  });

  it("grows by a step and stays as it was", () => {
    const start = attributePath("list");
    expect(pathToString(appendStep(start, { kind: "index", index: 1 }))).toBe("list[1]");
    expect(pathToString(start)).toBe("list");
  });

  it.each<[text: string, path: Path, part: Value]>([
    ["the value itself", [], value],
    ["an attribute", path("id"), "whe_1"],
    ["a null attribute", path("nothing"), null],
    ["a map's element", path("triggers", { key: "__proto__" }), "a"],
    ["an attribute of a list's element", path("list", 0, "name"), "first"],
    ["a set's element", path("set", { element: ["y"] }, 0), "y"],
    ["a part of a dynamic value", path("dynamic", { element: "z" }), "z"],
    ["unknown, within an unknown value", path("later", "name", 5), UNKNOWN],
  ])("leads to %s", (_name, steps, part) => {
    expect(getAtPath(value, steps)).toBe(part);
  });

  it.each<[text: string, path: Path]>([
    ["an attribute that is not there", path("other")],
    ["an attribute of the prototype", path("toString")],
    ["an attribute of null", path("nothing", "name")],
    ["an attribute of a string", path("id", "length")],
    ["an attribute of an array", path("list", "length")],
    ["an attribute of a map", path("triggers", "size")],
    ["a key that is not there", path("triggers", { key: "b" })],
    ["a key of an object", path({ key: "id" })],
    ["an index that is not there", path("list", 1)],
    ["an index of a string", path("id", 0)],
    ["an element that is not there", path("set", { element: "z" })],
  ])("leads nowhere for %s", (_name, steps) => {
    expect(getAtPath(value, steps)).toBeUndefined();
  });
});

describe("containsUnknown", () => {
  it.each<[name: string, value: Value]>([
    ["an unknown value", UNKNOWN],
    ["an array", ["a", [UNKNOWN]]],
    ["a map", new Map([["a", UNKNOWN]])],
    ["an object", { a: { b: UNKNOWN } }],
    ["a dynamic value", new Dynamic(STRING, UNKNOWN)],
  ])("finds one in %s", (_name, each) => {
    expect(containsUnknown(each)).toBe(true);
  });

  it.each<[name: string, value: Value]>([
    ["null", null],
    ["a string", "unknown"],
    ["known parts", { a: [1, 2n], b: new Map([["c", new Dynamic(STRING, "d")]]), e: null }],
  ])("finds none in %s", (_name, each) => {
    expect(containsUnknown(each)).toBe(false);
  });
});

describe("a CtyError", () => {
  it("gains its path step by step from the inside", () => {
    const inner = new CtyError("a bool is required");
    const outer = within(
      { kind: "attribute", name: "list" },
      within({ kind: "index", index: 2 }, inner),
    );
    expect(outer).toBeInstanceOf(CtyError);
    expect(outer).toMatchObject({
      message: "list[2]: a bool is required",
      problem: "a bool is required",
    });
  });

  it("leaves other errors as they are", () => {
    const error = new RangeError("x");
    expect(within({ kind: "index", index: 0 }, error)).toBe(error);
  });
});
