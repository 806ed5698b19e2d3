import fc from "fast-check";
import { valuesEqual } from "../../../../src/plugin/cty/equal.js";
import { decodeJson, encodeJson } from "../../../../src/plugin/cty/json.js";
import { pathToString } from "../../../../src/plugin/cty/path.js";
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
import { Decimal, Dynamic, UNKNOWN, type Value } from "../../../../src/plugin/cty/value.js";
import { FUZZ_CASES, anyType, failure, record, typed } from "./support.js";

const utf8 = (text: string): Uint8Array => Buffer.from(text);
const encode = (value: Value, type: Type): string =>
  Buffer.from(encodeJson(value, type)).toString();
const precise = "0.1000000000000000055511151231257827021181583404541015625";

const both: [name: string, type: Type, value: Value, json: string][] = [
  ["null", STRING, null, "null"],
  ["a string", STRING, "whe_1", '"whe_1"'],
  ["a string beyond ASCII", STRING, "é😀", '"é😀"'],
  ["a string with escapes", STRING, 'a"\\\n\u0001', '"a\\"\\\\\\n\\u0001"'],
  ["a bool", BOOL, true, "true"],
  ["an integer", NUMBER, -12, "-12"],
  ["an integer beyond float64", NUMBER, 12345678901234567890n, "12345678901234567890"],
  ["a fraction", NUMBER, 0.1, "0.1"],
  ["a small fraction", NUMBER, 1e-7, "0.0000001"],
  ["a fraction beyond float64", NUMBER, new Decimal(precise), precise],
  ["an integer of many digits", NUMBER, 10n ** 300n, `1${"0".repeat(300)}`],
  ["a list", list(STRING), ["a", null], '["a",null]'],
  ["an empty set", set(STRING), [], "[]"],
  ["a tuple", tuple([STRING, NUMBER]), ["a", 1], '["a",1]'],
  [
    "a map, by key",
    map(NUMBER),
    new Map([
      ["__proto__", 2],
      ["a", 1],
    ]),
    '{"__proto__":2,"a":1}',
  ],
  [
    "an object",
    object({ id: STRING, count: NUMBER }),
    record<Value>({ count: 3, id: "x" }),
    '{"count":3,"id":"x"}',
  ],
  ["a dynamic string", DYNAMIC, new Dynamic(STRING, "a"), '{"value":"a","type":"string"}'],
  ["a dynamic null", DYNAMIC, null, "null"],
  ["a dynamic null string", DYNAMIC, new Dynamic(STRING, null), '{"value":null,"type":"string"}'],
  [
    "a dynamic list",
    DYNAMIC,
    new Dynamic(list(NUMBER), [1, 2n ** 64n]),
    '{"value":[1,18446744073709551616],"type":["list","number"]}',
  ],
];

const decodeOnly: [name: string, type: Type, json: string, value: Value][] = [
  ["white space anywhere", list(NUMBER), " [ 1 ,\n\t2 ]\r\n", [1, 2]],
  ["a quoted number", NUMBER, '"12"', 12],
  ["a whole number with a fraction", NUMBER, "5.0", 5],
  ["a number with an exponent", NUMBER, "1.5E+3", 1500],
  ["minus zero", NUMBER, "-0", 0],
  ["a number for a string, digit for digit", STRING, "1.50", "1.50"],
  ["a bool for a string", STRING, "true", "true"],
  ["a string for a bool", BOOL, '"1"', true],
  [
    "a dynamic value, type first",
    DYNAMIC,
    '{"type":"bool","value":false}',
    new Dynamic(BOOL, false),
  ],
  [
    "a dynamic value in a dynamic value",
    DYNAMIC,
    '{"value":{"value":1,"type":"number"},"type":"dynamic"}',
    new Dynamic(NUMBER, 1),
  ],
  ["half a surrogate pair, as Go does", STRING, '"\\ud800x\\ud83d\\ude00"', "\ufffdx😀"],
  ["the last of two members", map(BOOL), '{"a":true,"a":false}', new Map([["a", false]])],
];

describe("JSON", () => {
  it.each(both)("encodes %s", (_name, type, value, json) => {
    expect(encode(value, type)).toBe(json);
  });

  it.each(both)("decodes %s", (_name, type, value, json) => {
    expect(decodeJson(utf8(json), type)).toStrictEqual(value);
  });

  it.each(decodeOnly)("decodes %s", (_name, type, json, value) => {
    expect(decodeJson(utf8(json), type)).toStrictEqual(value);
  });

  it("reads an older state leniently: extra attributes passed over, missing ones null", () => {
    const type = object({ id: STRING, tags: list(object({ name: STRING, size: NUMBER })) });
    const json = utf8('{"old":{"deep":["}",1e5]},"tags":[{"name":"a","gone":null}]}');
    expect(decodeJson(json, type, { lenient: true })).toStrictEqual(
      record<Value>({ tags: [record<Value>({ name: "a", size: null })], id: null }),
    );
  });

  it("keeps an attribute named __proto__", () => {
    const attributes = Object.create(null) as Record<string, Type>;
    attributes["__proto__"] = STRING;
    const decoded = decodeJson(utf8('{"__proto__":"a"}'), object(attributes));
    expect(Object.entries(decoded as object)).toStrictEqual([["__proto__", "a"]]);
    expect(encode(decoded, object(attributes))).toBe('{"__proto__":"a"}');
  });
});

describe("JSON that is not of the type", () => {
  const nested = object({ tags: map(list(object({ name: BOOL }))) });

  it.each<[name: string, type: Type, json: string, path: string, problem: string]>([
    ["nothing", STRING, "", "", "a string is required, but the end of the JSON was found"],
    [
      "more than one value",
      STRING,
      '"a" "b"',
      "",
      "one value is required, but more text follows it",
    ],
    ["a list for a string", STRING, "[]", "", "a string is required, but an array was found"],
    ["a bool for a number", NUMBER, "true", "", "a number is required, but a bool was found"],
    [
      "text for a number",
      NUMBER,
      '"secret"',
      "",
      "a number is required, but another string was found",
    ],
    [
      "a number beyond cty",
      NUMBER,
      "1e999999999999",
      "",
      "a number is required, but one out of range was found",
    ],
    ["text for a bool", BOOL, '"secret"', "", "a bool is required, but another string was found"],
    ["an object for a list", list(STRING), "{}", "", "a list is required, but an object was found"],
    ["a list for a map", map(STRING), "[]", "", "a map is required, but an array was found"],
    [
      "a word that is none",
      STRING,
      "secret",
      "",
      "a string is required, but something else was found",
    ],
    [
      "a number with a leading zero",
      NUMBER,
      "01",
      "",
      "one value is required, but more text follows it",
    ],
    [
      "a string without end",
      STRING,
      '"secret',
      "",
      "a JSON string does not end or holds a control character",
    ],
    [
      "a string that ends in an escape",
      STRING,
      '"secret\\',
      "",
      "a JSON string does not end or holds a control character",
    ],
    [
      "a control character",
      STRING,
      '"secret\n"',
      "",
      "a JSON string does not end or holds a control character",
    ],
    [
      "an escape that is none",
      STRING,
      '"secret\\x"',
      "",
      "a JSON string holds an escape that JSON does not have",
    ],
    [
      "a comma too many",
      list(BOOL),
      "[true,]",
      "[1]",
      "a bool is required, but something else was found",
    ],
    [
      "a comma missing",
      list(BOOL),
      "[true true]",
      "",
      "a comma or the end of the array is required, but a bool was found",
    ],
    ["a colon missing", map(BOOL), '{"a" true}', "", "a colon is required, but a bool was found"],
    [
      "a bare key",
      map(BOOL),
      "{a:true}",
      "",
      "the name of a member is required, but something else was found",
    ],
    [
      "an object without end",
      map(BOOL),
      '{"a":true',
      "",
      "a comma or the end of the object is required, but the end of the JSON was found",
    ],
    [
      "a fault deep inside",
      nested,
      '{"tags":{"a":[{"name":"secret"}]}}',
      'tags["a"][0].name',
      "a bool is required, but another string was found",
    ],
    ["a missing attribute", object({ id: STRING }), "{}", "id", "the attribute is missing"],
    [
      "an attribute too many",
      object({}),
      '{"id":"x"}',
      "",
      "the object has an attribute that its type does not have",
    ],
    [
      "a tuple too short",
      tuple([BOOL, BOOL]),
      "[true]",
      "",
      "a tuple of 2 elements is required, but one of 1 was found",
    ],
    [
      "a tuple too long",
      tuple([BOOL]),
      "[true,1,2]",
      "",
      "a tuple of 1 elements is required, but one of 3 was found",
    ],
    [
      "a dynamic value without type",
      DYNAMIC,
      '{"value":1}',
      "",
      "a dynamic value has not both value and type",
    ],
    [
      "a dynamic value with more",
      DYNAMIC,
      '{"secret":1}',
      "",
      "a dynamic value has members other than value and type",
    ],
    [
      "a dynamic value of no type",
      DYNAMIC,
      '{"value":1,"type":"secret"}',
      "",
      "a type in cty's JSON syntax is required",
    ],
    [
      "a fault in a dynamic value",
      DYNAMIC,
      '{"value":["secret"],"type":["list","bool"]}',
      "[0]",
      "a bool is required, but another string was found",
    ],
  ])("refuses %s", (_name, type, json, path, problem) => {
    const error = failure(() => decodeJson(utf8(json), type));
    expect(pathToString(error.path)).toBe(path);
    expect(error.problem).toBe(problem);
  });

  it("refuses bytes that are no UTF-8", () => {
    expect(failure(() => decodeJson(Buffer.from("22ff22", "hex"), STRING)).problem).toBe(
      "JSON in UTF-8 is required, but other bytes were found",
    );
  });

  it.each([
    ["dynamic values", DYNAMIC, '{"type":"dynamic","value":'],
    ["what is passed over", object({}), '{"a":'],
  ])("refuses %s nested without end", (_name, type, start) => {
    const json = utf8(start.repeat(100_000));
    expect(failure(() => decodeJson(json, type, { lenient: true })).problem).toBe(
      "nested more than 128 levels deep",
    );
  });
});

describe("a value that cannot be JSON", () => {
  it.each<[name: string, type: Type, value: Value, message: string]>([
    [
      "unknown",
      object({ id: STRING }),
      { id: UNKNOWN },
      "id: a known value is required, but an unknown value was found",
    ],
    [
      "unknown in a dynamic value",
      DYNAMIC,
      new Dynamic(STRING, UNKNOWN),
      "a known value is required, but an unknown value was found",
    ],
    ["infinite", NUMBER, -Infinity, "a finite number is required, but an infinite one was found"],
    ["NaN", NUMBER, NaN, "a finite number is required"],
    ["of another type", list(BOOL), ["secret"], "[0]: a bool is required, but a string was found"],
    [
      "an object with an attribute too many",
      object({}),
      { a: "x" },
      "the object has an attribute that its type does not have",
    ],
    [
      "an object with a missing attribute",
      object({ toString: STRING }),
      {},
      "toString: the attribute is missing",
    ],
    [
      "a tuple too long",
      tuple([]),
      [true],
      "a tuple of 0 elements is required, but one of 1 was found",
    ],
    [
      "half a surrogate pair",
      map(STRING),
      new Map([["a", "\udc00"]]),
      '["a"]: Unicode text is required, but half a surrogate pair was found',
    ],
  ])("is refused: %s", (_name, type, value, message) => {
    expect(failure(() => encodeJson(value, type)).message).toBe(message);
  });
});

describe("JSON, for any value and any text", () => {
  it("gives back what it was given", () => {
    fc.assert(
      fc.property(typed({ unknowns: false }), ({ type, value }) => {
        const json = encodeJson(value, type);
        expect(valuesEqual(decodeJson(json, type), value, type)).toBe(true);
        expect(() => JSON.parse(Buffer.from(json).toString()) as unknown).not.toThrow();
      }),
      { numRuns: FUZZ_CASES },
    );
  });

  it("makes a value or a CtyError of random text", () => {
    const piece = fc.constantFrom(
      ...'[]{}:,"\\-.0123e '.split(""),
      "null",
      "true",
      '"a"',
      "\u0000",
    );
    fc.assert(
      fc.property(anyType, fc.array(piece), fc.boolean(), (type, pieces, lenient) => {
        expectValueOrCtyError(utf8(pieces.join("")), type, lenient);
      }),
      { numRuns: FUZZ_CASES },
    );
  });

  it("makes a value or a CtyError of JSON changed or cut", () => {
    fc.assert(
      fc.property(
        typed({ unknowns: false }),
        fc.nat(),
        fc.nat(255),
        fc.option(fc.nat()),
        fc.boolean(),
        ({ type, value }, at, byte, cut, lenient) => {
          const json = encodeJson(value, type);
          json[at % json.length] = byte;
          expectValueOrCtyError(
            cut === null ? json : json.slice(0, cut % json.length),
            type,
            lenient,
          );
        },
      ),
      { numRuns: FUZZ_CASES },
    );
  });
});

/** A value that decodes must encode again, to JSON that means the same. */
function expectValueOrCtyError(json: Uint8Array, type: Type, lenient: boolean): void {
  let value: Value;
  try {
    value = decodeJson(json, type, { lenient });
  } catch (error) {
    expect(error).toMatchObject({ name: "CtyError" });
    return;
  }
  expect(valuesEqual(decodeJson(encodeJson(value, type), type), value, type)).toBe(true);
}
