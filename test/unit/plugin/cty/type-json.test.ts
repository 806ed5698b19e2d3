import fc from "fast-check";
import {
  typeEquals,
  typeFromJson,
  typeToJson,
  typeToString,
} from "../../../../src/plugin/cty/type-json.js";
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
import { anyType, failure } from "./support.js";

const table: [friendly: string, type: Type, json: string][] = [
  ["string", STRING, '"string"'],
  ["number", NUMBER, '"number"'],
  ["bool", BOOL, '"bool"'],
  ["dynamic", DYNAMIC, '"dynamic"'],
  ["list of string", list(STRING), '["list","string"]'],
  ["set of map of number", set(map(NUMBER)), '["set",["map","number"]]'],
  ["tuple", tuple([STRING, BOOL]), '["tuple",["string","bool"]]'],
  ["object", object({ b: STRING, a: NUMBER }), '["object",{"a":"number","b":"string"}]'],
  ["list of object", list(object({})), '["list",["object",{}]]'],
];

describe("a type", () => {
  it.each(table)("%s has its JSON", (_friendly, type, json) => {
    expect(JSON.stringify(typeToJson(type))).toBe(json);
  });

  it.each(table)("%s is read from its JSON", (_friendly, type, json) => {
    expect(typeEquals(typeFromJson(JSON.parse(json)), type)).toBe(true);
  });

  it.each(table)("is called %s", (friendly, type) => {
    expect(typeToString(type)).toBe(friendly);
  });

  it.each(table)("%s equals no other in the table", (_friendly, type) => {
    expect(table.filter(([, other]) => typeEquals(type, other))).toHaveLength(1);
  });

  it("is read without its list of optional attributes", () => {
    const type = typeFromJson(["object", { a: "string", b: "bool" }, ["b"]]);
    expect(typeEquals(type, object({ a: STRING, b: BOOL }))).toBe(true);
  });

  it("may have attributes of any name", () => {
    const json = '["object",{"__proto__":"string","constructor":"bool"}]';
    const type = typeFromJson(JSON.parse(json));
    expect(JSON.stringify(typeToJson(type))).toBe(json);
    expect(typeEquals(type, object({ a: STRING, b: BOOL }))).toBe(false);
  });

  it("survives JSON, whatever it is", () => {
    fc.assert(
      fc.property(anyType, (type) =>
        typeEquals(typeFromJson(JSON.parse(JSON.stringify(typeToJson(type)))), type),
      ),
    );
  });

  it.each<[name: string, json: unknown]>([
    ["a name that is none", "text"],
    ["a collection's name alone", "list"],
    ["nothing", undefined],
    ["null", null],
    ["a number", 5],
    ["an object", {}],
    ["an empty array", []],
    ["a collection without element", ["list"]],
    ["a collection with more", ["list", "string", "string"]],
    ["a kind that is none", ["bag", "string"]],
    ["a tuple without brackets", ["tuple", "string"]],
    ["attributes that are no object", ["object", ["string"]]],
    ["an attribute of no type", ["object", { a: null }]],
    ["optional attributes that are no array", ["object", { a: "string" }, "a"]],
    ["an optional attribute that is none", ["object", { a: "string" }, ["toString"]]],
  ])("is not read from %s", (_name, json) => {
    expect(failure(() => typeFromJson(json)).message).toBe(
      "a type in cty's JSON syntax is required",
    );
  });

  it("does not nest without end", () => {
    let json: unknown = "string";
    for (let depth = 0; depth < 100_000; depth++) json = ["list", json];
    expect(failure(() => typeFromJson(json)).message).toBe("nested more than 128 levels deep");
  });
});
