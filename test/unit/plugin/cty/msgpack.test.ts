import fc from "fast-check";
import { valuesEqual } from "../../../../src/plugin/cty/equal.js";
import { decodeMsgpack, encodeMsgpack } from "../../../../src/plugin/cty/msgpack.js";
import * as t from "../../../../src/plugin/cty/type.js";
import { UNKNOWN, type Value } from "../../../../src/plugin/cty/value.js";
import { FOREIGN, PROTO, anyType, hex, refusal, typed, unhex, wants } from "./support.js";

const { BOOL, NUMBER, STRING, list, map, object, set } = t;
const whole = object({ id: STRING, count: NUMBER, secret: STRING });
const utf8 = (text: string): string => hex(Buffer.from(text));
/** Text with its length in four bytes. */
const longText = (text: string): string =>
  `db ${text.length.toString(16).padStart(8, "0")} ${utf8(text)}`;

const keys = (size: number) => Array.from({ length: size }, (_, key) => String(10_000 + key));
const mapOf = (size: number): Value => new Map(keys(size).map((key) => [key, true]));
const entries = (size: number) =>
  keys(size)
    .map((key) => `a5${utf8(key)}c3`)
    .join("");

/** The bytes that go-cty 1.18.1 writes for each value. */
const both: [name: string, type: t.Type, value: Value, bytes: string][] = [
  ["null", STRING, null, "c0"],
  ["a string", STRING, "whe_1", "a5 7768655f31"],
  ["a string beyond ASCII", STRING, "é😀", "a6 c3a9f09f9880"],
  ["a string of 32 bytes", STRING, "a".repeat(32), `d920 ${"61".repeat(32)}`],
  ["31 characters in 32 bytes", STRING, `${"a".repeat(30)}é`, `d920${"61".repeat(30)}c3a9`],
  ["a string of 256 bytes", STRING, "a".repeat(256), `da0100 ${"61".repeat(256)}`],
  ["a string of 65,536 bytes", STRING, "a".repeat(65536), `db00010000 ${"61".repeat(65536)}`],
  ["true", BOOL, true, "c3"],
  ["false", BOOL, false, "c2"],
  ["0", NUMBER, 0, "00"],
  ["128", NUMBER, 128, "cc80"],
  ["256", NUMBER, 256, "cd0100"],
  ["65,536", NUMBER, 65536, "ce00010000"],
  ["2^32", NUMBER, 2 ** 32, "cf0000000100000000"],
  ["the largest safe integer", NUMBER, Number.MAX_SAFE_INTEGER, "cf001fffffffffffff"],
  ["-1", NUMBER, -1, "ff"],
  ["-33", NUMBER, -33, "d0df"],
  ["-129", NUMBER, -129, "d1ff7f"],
  ["-32,769", NUMBER, -32769, "d2ffff7fff"],
  ["-2^31 - 1", NUMBER, -(2 ** 31) - 1, "d3ffffffff7fffffff"],
  ["the smallest safe integer", NUMBER, Number.MIN_SAFE_INTEGER, "d3ffe0000000000001"],
  ["a tenth, as text", NUMBER, 0.1, "a3 302e31"],
  ["a small number, as text", NUMBER, 1e-7, `a4 ${utf8("1e-7")}`],
  ["a list with null and unknown", list(STRING), ["a", null, UNKNOWN], "93 a161 c0 d40000"],
  ["a list of 16", list(BOOL), Array(16).fill(true), `dc0010 ${"c3".repeat(16)}`],
  ["a list of 65,536", list(BOOL), Array(65536).fill(true), `dd00010000 ${"c3".repeat(65536)}`],
  ["a set", set(STRING), ["a", "b"], "92 a161 a162"],
  ["a map, by key", map(BOOL), new Map(Object.entries({ b: true, a: null })), "82 a161c0 a162c3"],
  ["a map of 16", map(BOOL), mapOf(16), `de0010 ${entries(16)}`],
  ["a map of 65,536", map(BOOL), mapOf(65536), `df00010000 ${entries(65536)}`],
  [
    "an object, by attribute name",
    whole,
    { id: "x", count: 3, secret: UNKNOWN },
    "83 a5636f756e74 03 a26964 a178 a6736563726574 d40000",
  ],
  ["an empty object", object({}), {}, "80"],
  ["an attribute named __proto__", PROTO, { ["__proto__"]: "a" }, `81a9${utf8("__proto__")}a161`],
  ["unknown", STRING, UNKNOWN, "d40000"],
];

/** Other bytes that mean the same. */
const decodeOnly: [name: string, type: t.Type, bytes: string, value: Value][] = [
  ["a half, as float32", NUMBER, "ca3f000000", 0.5],
  ["a whole float64", NUMBER, "cb4014000000000000", 5],
  ["a tenth as float64, which cty calls equal to 0.1", NUMBER, "cb3fb999999999999a", 0.1],
  ["text with signs", NUMBER, `a6 ${utf8("-5E-03")}`, -0.005],
  ["text without whole part", NUMBER, `a2 ${utf8(".5")}`, 0.5],
  ["text of 400 digits", NUMBER, `da0190 ${utf8("7".padStart(400, "0"))}`, 7],
  ["text in binary form", STRING, "c40161", "a"],
  ["text in the longest binary form", STRING, "c60000000161", "a"],
  ["text that starts with a byte order mark", STRING, "a4efbbbf61", "\ufeffa"],
  ["the replacement character itself", STRING, "a3efbfbd", "\ufffd"],
  ["unknown without a body", STRING, "c70000", UNKNOWN],
  ["unknown but not null", BOOL, "c7030c 81 01c2", UNKNOWN],
  ["unknown in sixteen bytes", STRING, `d80c${"00".repeat(16)}`, UNKNOWN],
  ["unknown in very many bytes", STRING, `c9000100000c${"00".repeat(65536)}`, UNKNOWN],
  ["attributes out of order", object({ a: BOOL, b: BOOL }), "82a162c3a161c0", { a: null, b: true }],
];

const TOO_LARGE = "It is too large, or has more digits than this provider can work with.";
const NO_NUMBER = wants("a number", "another string");
const GIVEN_TWICE = "a: the attribute is given twice";
const CUT_SHORT = "the bytes end before the value does";

describe("msgpack", () => {
  it.each(both)("encodes and decodes %s", (_name, type, value, bytes) => {
    expect(hex(encodeMsgpack(value, type))).toBe(hex(unhex(bytes)));
    expect(decodeMsgpack(unhex(bytes), type)).toStrictEqual(value);
  });

  it.each(decodeOnly)("decodes %s", (_name, type, bytes, value) => {
    expect(decodeMsgpack(unhex(bytes), type)).toStrictEqual(value);
  });

  it.each([
    [-0, "00"],
    [2 ** 60, `b3${utf8("1152921504606847000")}`],
    [1e300, `a6${utf8("1e+300")}`],
  ])("encodes %d", (number, bytes) => {
    expect(hex(encodeMsgpack(number, NUMBER))).toBe(bytes);
  });

  it("reads bytes that lie inside a larger buffer", () => {
    expect(decodeMsgpack(unhex("ffff a3616263 ffff").subarray(2, 6), STRING)).toBe("abc");
  });
});

describe("msgpack that is not of the type", () => {
  it.each<[name: string, type: t.Type, bytes: string, message: string]>([
    ["nothing", STRING, "", CUT_SHORT],
    ["more than one value", STRING, "a161c0", "one value is required, but more bytes follow it"],
    ["a number for a string", STRING, "05", wants("a string", "a number")],
    ["a bool for a number", NUMBER, "c3", wants("a number", "a bool")],
    ["a map for a list", list(STRING), "80", wants("a list", "a map")],
    ["a list for an object", object({}), "90", wants("an object", "an array")],
    ["the unused byte", STRING, "c1", "the bytes hold one that msgpack does not use"],
    ["a cut string", STRING, "a36162", CUT_SHORT],
    ["a cut extension", STRING, "d400", CUT_SHORT],
    ["a cut map", map(STRING), "81a161", `["a"]: ${CUT_SHORT}`],
    ["no UTF-8", STRING, "a2ff61", "text in UTF-8 is required, but other bytes were found"],
    [
      "a fault deep inside",
      object({ tags: map(list(object({ name: STRING }))) }),
      "81 a474616773 81 a161 91 81 a46e616d65 05",
      `tags["a"][0].name: ${wants("a string", "a number")}`,
    ],
    ["a number as map key", map(BOOL), "8105c3", wants("a map key that is a string", "a number")],
    ["one too many", object({}), "81a161c0", wants("an object with 0 attributes", "one with 1")],
    ["an attribute of the prototype", object({ a: BOOL }), `81a8${utf8("toString")}c3`, FOREIGN],
    ["one twice", object({ a: BOOL, b: BOOL }), "82a161c3a161c3", GIVEN_TWICE],
    ["another extension", STRING, "d5070000", wants("an unknown value", "another extension")],
  ])("refuses %s", (_name, type, bytes, message) => {
    expect(refusal(() => decodeMsgpack(unhex(bytes), type))).toBe(message);
  });

  it.each<[name: string, bytes: string, message: string]>([
    ["2^53", "cf0020000000000000", TOO_LARGE],
    ["the smallest int64", "d38000000000000000", TOO_LARGE],
    ["infinity", "cb7ff0000000000000", TOO_LARGE],
    ["NaN", "cb7ff8000000000000", wants("a number", "NaN")],
    ["2^63 as text", `b3 ${utf8("9223372036854775808")}`, TOO_LARGE],
    ["a third of 512 bits", `d99b ${utf8(`0.${"3".repeat(152)}5`)}`, TOO_LARGE],
    ["text beyond float64", `a5 ${utf8("1e400")}`, TOO_LARGE],
    ["ten million digits", longText(`${"0".repeat(10_000_000)}x`), TOO_LARGE],
    ["text that JavaScript takes for a number", `a4 ${utf8("0x10")}`, NO_NUMBER],
    ["text that says infinity", `a8 ${utf8("Infinity")}`, NO_NUMBER],
    ["an exponent alone", `a3 ${utf8("1e+")}`, NO_NUMBER],
    ["empty text", "a0", NO_NUMBER],
  ])("refuses a number that JavaScript cannot hold: %s", (_name, bytes, message) => {
    expect(refusal(() => decodeMsgpack(unhex(`91${bytes}`), list(NUMBER)))).toBe(`[0]: ${message}`);
  });

  it.each<[name: string, type: t.Type, bytes: string]>([
    ["a list", list(STRING), "ddffffffff"],
    ["a map", map(STRING), "dfffffffff"],
    ["a map whose values are missing", map(STRING), "82a0a0a0"],
    ["a string", STRING, "dbffffffff"],
    ["an extension", STRING, "c9ffffffff00"],
  ])(
    "refuses %s that promises more than there is without making room for it",
    (_name, type, bytes) => {
      const before = process.memoryUsage().arrayBuffers;
      expect(refusal(() => decodeMsgpack(unhex(bytes), type))).toBe(CUT_SHORT);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
    },
  );
});

describe("a value that is not of the type", () => {
  it.each<[name: string, type: t.Type, value: unknown, message: string]>([
    ["a number for a string", STRING, 5, wants("a string", "a number")],
    ["a record for a map", map(STRING), {}, wants("a map", "an object")],
    ["a map for an object", object({}), new Map(), wants("an object", "a map")],
    ["a prototype's", object({ toString: STRING }), {}, "toString: the attribute is missing"],
    ["undefined", list(STRING), [undefined], `[0]: ${wants("a string", "nothing")}`],
    ["one in a map", map(BOOL), new Map([["a", "x"]]), `["a"]: ${wants("a bool", "a string")}`],
    ["NaN", NUMBER, NaN, "a finite number is required"],
    ["infinity", NUMBER, -Infinity, "a finite number is required"],
    ["half a character", STRING, "a\ud800", wants("Unicode text", "half a surrogate pair")],
  ])("is refused: %s", (_name, type, value, message) => {
    expect(refusal(() => encodeMsgpack(value as Value, type))).toBe(message);
  });
});

describe("msgpack, for any value and any bytes", () => {
  it("gives back what it was given", () => {
    fc.assert(fc.property(typed, ({ type, value }) => expectRoundTrip(value, type)));
  });

  it("makes a value or a CtyError of random bytes", () => {
    fc.assert(fc.property(anyType, fc.uint8Array({ maxLength: 64 }), expectValueOrCtyError));
  });

  it("makes a value or a CtyError of bytes changed, cut or lengthened", () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.option(fc.nat()) });
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(typed, changes, ({ type, value }, all) => {
        let bytes = Uint8Array.from(encodeMsgpack(value, type));
        for (const { at, byte, cut } of all) {
          bytes[at % bytes.length] = byte;
          if (cut !== null) bytes = bytes.slice(0, 1 + (cut % bytes.length));
        }
        expectValueOrCtyError(type, bytes);
      }),
    );
  });
});

function expectRoundTrip(value: Value, type: t.Type): void {
  const bytes = encodeMsgpack(value, type);
  const decoded = decodeMsgpack(bytes, type);
  expect(valuesEqual(decoded, value, type)).toBe(true);
  expect(hex(encodeMsgpack(decoded, type))).toBe(hex(bytes));
}

/** A value that decodes must encode again, to bytes that mean the same. */
function expectValueOrCtyError(type: t.Type, bytes: Uint8Array): void {
  let value: Value;
  try {
    value = decodeMsgpack(bytes, type);
  } catch (error) {
    expect(error).toHaveProperty("name", expect.stringMatching(/^(Cty|Number)Error$/));
    return;
  }
  expectRoundTrip(value, type);
}
