import fc from "fast-check";
import { decodeJson } from "../../../../src/plugin/cty/json.js";
import * as t from "../../../../src/plugin/cty/type.js";
import type { Value } from "../../../../src/plugin/cty/value.js";
import { FOREIGN, PROTO, anyType, refusal, wants } from "./support.js";

const { BOOL, NUMBER, STRING, list, map, object, set } = t;
const decode = (json: string, type: t.Type, lenient = false): Value =>
  decodeJson(Buffer.from(json), type, { lenient });

const NO_JSON = "JSON in UTF-8 is required, but other bytes were found";
const TOO_LARGE = "It is too large, or has more digits than this provider can work with.";

it.each<[name: string, type: t.Type, json: string, value: Value]>([
  ["null", STRING, "null", null],
  ["a string with escapes", STRING, '"a\\"\\\\\\n\\u0001é😀"', 'a"\\\n\u0001é😀'],
  ["a bool", BOOL, "true", true],
  ["the largest safe integer", NUMBER, "9007199254740991", Number.MAX_SAFE_INTEGER],
  ["a number with an exponent", NUMBER, "1.5E+3", 1500],
  ["minus zero", NUMBER, "-0", 0],
  ["a quoted number", NUMBER, '"12"', 12],
  ["a number for a string", STRING, "12", "12"],
  ["a bool for a string", STRING, "true", "true"],
  ["yes as a string", BOOL, '"1"', true],
  ["a list", list(STRING), ' ["a",\n\tnull] ', ["a", null]],
  ["an empty set", set(STRING), "[]", []],
  ["a map", map(NUMBER), '{"__proto__":2}', new Map([["__proto__", 2]])],
  ["the last of two members", map(BOOL), '{"a":true,"a":false}', new Map([["a", false]])],
  ["an object", object({ id: STRING }), '{"id":"x"}', { id: "x" }],
  ["half a surrogate pair, as Go does", STRING, '"\\ud800x\\ud83d\\ude00"', "\ufffdx😀"],
])("decodes %s", (_name, type, json, value) => {
  expect(decode(json, type)).toStrictEqual(value);
});

it("reads an older state leniently: extra attributes passed over, missing ones null", () => {
  const type = object({ id: STRING, tags: list(object({ name: STRING, size: NUMBER })) });
  const json = '{"old":{"deep":["}",1e5]},"tags":[{"name":"a","gone":null}]}';
  expect(decode(json, type, true)).toStrictEqual({ tags: [{ name: "a", size: null }], id: null });
});

it("keeps an attribute named __proto__, and takes none from a prototype", () => {
  const decoded = decode('{"__proto__":"a"}', PROTO);
  expect(Object.entries(decoded as object)).toStrictEqual([["__proto__", "a"]]);
  expect(decode("{}", object({ toString: STRING }), true)).toStrictEqual({ toString: null });
});

it.each<[name: string, type: t.Type, json: string, message: string]>([
  ["nothing", STRING, "", NO_JSON],
  ["more than one value", STRING, '"a" "b"', NO_JSON],
  ["text that is no JSON, without quoting it", STRING, "secret", NO_JSON],
  ["a list for a string", STRING, "[]", wants("a string", "an array")],
  ["text for a number", NUMBER, '"secret"', wants("a number", "another string")],
  ["a number for a bool", BOOL, "1", wants("a bool", "a number")],
  ["an object for a list", list(STRING), "{}", wants("a list", "an object")],
  ["a list for a map", map(STRING), "[]", wants("a map", "an array")],
  ["a list for an object", object({}), "[]", wants("an object", "an array")],
  [
    "a fault deep inside",
    object({ tags: map(list(object({ name: BOOL }))) }),
    '{"tags":{"a":[{"name":"secret"}]}}',
    `tags["a"][0].name: ${wants("a bool", "a string")}`,
  ],
  ["a missing attribute", object({ id: STRING }), "{}", "id: the attribute is missing"],
  ["an attribute too many", object({}), '{"secret":"x"}', FOREIGN],
  ["an integer beyond float64", list(NUMBER), "[9007199254740993]", `[0]: ${TOO_LARGE}`],
  ["a number beyond all", object({ n: NUMBER }), '{"n":1e999}', `n: ${TOO_LARGE}`],
])("refuses %s", (_name, type, json, message) => {
  expect(refusal(() => decode(json, type))).toBe(message);
});

it("refuses bytes that are no UTF-8, and survives JSON nested without end", () => {
  expect(refusal(() => decodeJson(Buffer.from("22ff22", "hex"), STRING))).toBe(NO_JSON);
  const json = '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000);
  expect(decode(json, object({}), true)).toStrictEqual({});
  expect(refusal(() => decode("[".repeat(100_000), object({}), true))).toBe(NO_JSON);
});

it("makes a value or a CtyError of any JSON", () => {
  const json = fc.oneof(fc.json(), fc.string());
  fc.assert(
    fc.property(anyType, json, fc.boolean(), (type, text, lenient) => {
      try {
        decode(text, type, lenient);
      } catch (error) {
        expect(error).toHaveProperty("name", expect.stringMatching(/^(Cty|Number)Error$/));
      }
    }),
  );
});
