import { typeToJson } from "../../../../src/plugin/cty/type-json.js";
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
import { PROTO } from "./support.js";

describe("a type", () => {
  it.each<[json: string, type: Type]>([
    ['"string"', STRING],
    ['"number"', NUMBER],
    ['"bool"', BOOL],
    ['["list","string"]', list(STRING)],
    ['["set",["map","number"]]', set(map(NUMBER))],
    ['["object",{"a":"number","b":"string"}]', object({ b: STRING, a: NUMBER })],
    ['["list",["object",{}]]', list(object({}))],
    ['["object",{"__proto__":"string"}]', PROTO],
  ])("is written %s", (json, type) => {
    expect(JSON.stringify(typeToJson(type))).toBe(json);
  });
});
