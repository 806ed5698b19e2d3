import fc from "fast-check";
import { valuesEqual } from "../../../../src/plugin/cty/equal.js";
import { decodeMsgpack, encodeMsgpack } from "../../../../src/plugin/cty/msgpack.js";
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
import {
  Decimal,
  Dynamic,
  UNKNOWN,
  Unknown,
  type Value,
} from "../../../../src/plugin/cty/value.js";
import { FUZZ_CASES, anyType, failure, hex, record, typed, unhex } from "./support.js";

const whole = object({ id: STRING, count: NUMBER, secret: STRING });
const third = `0.${"3".repeat(152)}5`;

/** What go-cty 1.18.1 writes for each value. */
const both: [name: string, type: Type, value: Value, bytes: string][] = [
  ["null", STRING, null, "c0"],
  ["an empty string", STRING, "", "a0"],
  ["a string", STRING, "whe_1", "a5 7768655f31"],
  ["a string beyond ASCII", STRING, "é😀", "a6 c3a9f09f9880"],
  ["a string of 31 bytes", STRING, "a".repeat(31), `bf ${"61".repeat(31)}`],
  ["a string of 32 bytes", STRING, "a".repeat(32), `d920 ${"61".repeat(32)}`],
  [
    "a string of 31 characters in 32 bytes",
    STRING,
    `${"a".repeat(30)}é`,
    `d920${"61".repeat(30)}c3a9`,
  ],
  ["a string of 256 bytes", STRING, "a".repeat(256), `da0100 ${"61".repeat(256)}`],
  ["a string of 65,536 bytes", STRING, "a".repeat(65536), `db00010000 ${"61".repeat(65536)}`],
  ["true", BOOL, true, "c3"],
  ["false", BOOL, false, "c2"],
  ["0", NUMBER, 0, "00"],
  ["127", NUMBER, 127, "7f"],
  ["128", NUMBER, 128, "cc80"],
  ["255", NUMBER, 255, "ccff"],
  ["256", NUMBER, 256, "cd0100"],
  ["65,535", NUMBER, 65535, "cdffff"],
  ["65,536", NUMBER, 65536, "ce00010000"],
  ["2^32 - 1", NUMBER, 2 ** 32 - 1, "ceffffffff"],
  ["2^32", NUMBER, 2 ** 32, "cf0000000100000000"],
  ["the largest safe integer", NUMBER, Number.MAX_SAFE_INTEGER, "cf001fffffffffffff"],
  ["2^53", NUMBER, 2n ** 53n, "cf0020000000000000"],
  ["the largest int64", NUMBER, 2n ** 63n - 1n, "cf7fffffffffffffff"],
  ["2^63, as text", NUMBER, 2n ** 63n, "b3 39323233333732303336383534373735383038"],
  ["-1", NUMBER, -1, "ff"],
  ["-32", NUMBER, -32, "e0"],
  ["-33", NUMBER, -33, "d0df"],
  ["-128", NUMBER, -128, "d080"],
  ["-129", NUMBER, -129, "d1ff7f"],
  ["-32,768", NUMBER, -32768, "d18000"],
  ["-32,769", NUMBER, -32769, "d2ffff7fff"],
  ["-2^31", NUMBER, -(2 ** 31), "d280000000"],
  ["-2^31 - 1", NUMBER, -(2 ** 31) - 1, "d3ffffffff7fffffff"],
  ["the smallest safe integer", NUMBER, Number.MIN_SAFE_INTEGER, "d3ffe0000000000001"],
  ["-2^63", NUMBER, -(2n ** 63n), "d38000000000000000"],
  ["-2^63 - 1, as text", NUMBER, -(2n ** 63n) - 1n, "b4 2d39323233333732303336383534373735383039"],
  ["1e21, as text", NUMBER, 10n ** 21n, "b6 31303030303030303030303030303030303030303030"],
  ["a half, as float64", NUMBER, 0.5, "cb3fe0000000000000"],
  ["-1.25, as float64", NUMBER, -1.25, "cbbff4000000000000"],
  ["a tenth, as text", NUMBER, 0.1, "a3 302e31"],
  ["1e-7, as text", NUMBER, 1e-7, "a9 302e30303030303031"],
  ["the smallest float64", NUMBER, new Decimal(smallestFloat()), "cb0000000000000001"],
  [
    "a number too precise for a float64, as text",
    NUMBER,
    new Decimal("3.141592653589793238462643383279"),
    "d920 332e313431353932363533353839373933323338343632363433333833323739",
  ],
  ["a third of 512 bits, as text", NUMBER, new Decimal(third), `d99b ${hex(Buffer.from(third))}`],
  ["infinity", NUMBER, Infinity, "cb7ff0000000000000"],
  ["minus infinity", NUMBER, -Infinity, "cbfff0000000000000"],
  ["a list with null and unknown", list(STRING), ["a", null, UNKNOWN], "93 a161 c0 d40000"],
  ["an empty list", list(STRING), [], "90"],
  ["a list of 16", list(BOOL), Array(16).fill(true), `dc0010 ${"c3".repeat(16)}`],
  ["a list of 65,536", list(BOOL), Array(65536).fill(true), `dd00010000 ${"c3".repeat(65536)}`],
  ["a set", set(STRING), ["a", "b"], "92 a161 a162"],
  [
    "a map, by key",
    map(STRING),
    new Map([
      ["b", "2"],
      ["a", "1"],
      ["__proto__", "3"],
    ]),
    "83 a95f5f70726f746f5f5f a133 a161 a131 a162 a132",
  ],
  [
    "a map whose keys sort by code point",
    map(NUMBER),
    new Map([
      ["😀", 1],
      ["ﬁ", 2],
    ]),
    "82 a3efac81 02 a4f09f9880 01",
  ],
  ["an empty map", map(STRING), new Map(), "80"],
  ["a tuple", tuple([STRING, NUMBER, BOOL]), ["a", 1, true], "93 a161 01 c3"],
  [
    "an object, by attribute name",
    whole,
    record<Value>({ id: "x", count: 3, secret: UNKNOWN }),
    "83 a5636f756e74 03 a26964 a178 a6736563726574 d40000",
  ],
  ["an empty object", object({}), record({}), "80"],
  ["a dynamic string", DYNAMIC, new Dynamic(STRING, "a"), "92 c40822737472696e6722 a161"],
  [
    "a dynamic object",
    DYNAMIC,
    new Dynamic(
      object(record<Type>({ b: NUMBER, a: list(BOOL) })),
      record<Value>({ a: [true], b: 1 }),
    ),
    "92 c42d5b226f626a656374222c7b2261223a5b226c697374222c22626f6f6c225d2c2262223a226e756d626572227d5d" +
      "82 a161 91c3 a162 01",
  ],
  ["a dynamic null", DYNAMIC, null, "c0"],
  ["a dynamic null string", DYNAMIC, new Dynamic(STRING, null), "92 c40822737472696e6722 c0"],
  ["a dynamic unknown", DYNAMIC, UNKNOWN, "d40000"],
  [
    "a dynamic unknown string",
    DYNAMIC,
    new Dynamic(STRING, UNKNOWN),
    "92c40822737472696e6722d40000",
  ],
  [
    "a tuple of dynamic values",
    tuple([DYNAMIC, DYNAMIC]),
    [new Dynamic(STRING, "a"), new Dynamic(NUMBER, 1)],
    "92 92c40822737472696e6722a161 92c408226e756d62657222 01",
  ],
  ["unknown", STRING, UNKNOWN, "d40000"],
  ["unknown but not null", BOOL, new Unknown({ notNull: true }), "c7030c 81 01c2"],
  ["unknown but an object", object({}), new Unknown({ notNull: true }), "c7030c 81 01c2"],
  [
    "unknown with a prefix",
    STRING,
    new Unknown({ notNull: true, stringPrefix: "whe_" }),
    "c7090c 82 01c2 02a47768655f",
  ],
  [
    "unknown or null, with a prefix",
    STRING,
    new Unknown({ stringPrefix: "whe_" }),
    "c7070c8102a47768655f",
  ],
  [
    "unknown in a range",
    NUMBER,
    new Unknown({
      numberMin: { value: 1, inclusive: true },
      numberMax: { value: 2.5, inclusive: false },
    }),
    "c7110c 82 039201c3 0492cb4004000000000000c2",
  ],
  [
    "unknown above a tenth",
    NUMBER,
    new Unknown({ notNull: true, numberMin: { value: 0.1, inclusive: false } }),
    "c70a0c 82 01c2 0392a3302e31c2",
  ],
  [
    "unknown with a length",
    list(STRING),
    new Unknown({ notNull: true, lengthMin: 1, lengthMax: 300 }),
    "c7090c 83 01c2 0501 06cd012c",
  ],
  ["an unknown set of at most 3", set(STRING), new Unknown({ lengthMax: 3 }), "c7030c 81 0603"],
];

/** Other bytes that mean the same. */
const decodeOnly: [name: string, type: Type, bytes: string, value: Value][] = [
  ["a uint64", NUMBER, "cfffffffffffffffff", 2n ** 64n - 1n],
  ["a small int64", NUMBER, "d30000000000000005", 5],
  ["a whole float64", NUMBER, "cb4014000000000000", 5],
  ["minus zero", NUMBER, "cb8000000000000000", 0],
  ["a float32", NUMBER, "ca3f000000", 0.5],
  ["a tenth as float64, which cty calls equal to 0.1", NUMBER, "cb3fb999999999999a", 0.1],
  ["2^60 as float64", NUMBER, "cb43b0000000000000", 2n ** 60n],
  ["a half as text", NUMBER, "a3302e35", 0.5],
  ["text with zeros around", NUMBER, "a63030312e3530", 1.5],
  ["text with an exponent", NUMBER, "a3316535", 100000],
  ["text with a huge exponent", NUMBER, "a8 3165393939393939", new Decimal("1e999999")],
  ["text in binary form", STRING, "c40161", "a"],
  ["text that starts with a byte order mark", STRING, "a4efbbbf61", "\ufeffa"],
  ["the replacement character itself", STRING, "a3efbfbd", "\ufffd"],
  ["unknown without a body", STRING, "c70000", UNKNOWN],
  ["unknown with a longer body", STRING, "d5000102", UNKNOWN],
  ["unknown of another extension", STRING, "d40700", UNKNOWN],
  ["refinements of a dynamic unknown", DYNAMIC, "c7030c8101c2", UNKNOWN],
  [
    "a refinement not known yet",
    STRING,
    "c7080c 82 639201a161 01c2",
    new Unknown({ notNull: true }),
  ],
  ["only refinements not known yet", STRING, "c7030c 81 6301", UNKNOWN],
  ["an unknown value that is certainly null", STRING, "c7030c8101c3", null],
  [
    "a dynamic value in a dynamic value",
    DYNAMIC,
    "92 a92264796e616d696322 92a822737472696e6722a161",
    new Dynamic(STRING, "a"),
  ],
  [
    "attributes out of order",
    whole,
    "83 a26964a178 a6736563726574c0 a5636f756e7403",
    record<Value>({ id: "x", count: 3, secret: null }),
  ],
];

describe("msgpack", () => {
  it.each(both)("encodes %s", (_name, type, value, bytes) => {
    expect(hex(encodeMsgpack(value, type))).toBe(hex(unhex(bytes)));
  });

  it.each(both)("decodes %s", (_name, type, value, bytes) => {
    expect(decodeMsgpack(unhex(bytes), type)).toStrictEqual(value);
  });

  it.each(decodeOnly)("decodes %s", (_name, type, bytes, value) => {
    expect(decodeMsgpack(unhex(bytes), type)).toStrictEqual(value);
  });

  it("encodes a number as what JavaScript computed, not as rounded text", () => {
    expect(hex(encodeMsgpack(2 ** 60, NUMBER))).toBe("cf1000000000000000");
    expect(hex(encodeMsgpack(-0, NUMBER))).toBe("00");
    expect(hex(encodeMsgpack(new Decimal("5.00"), NUMBER))).toBe("05");
  });

  it("keeps every digit of a Decimal", () => {
    const digits = "0.1000000000000000055511151231257827021181583404541015625";
    expect(decodeMsgpack(encodeMsgpack(new Decimal(digits), NUMBER), NUMBER)).toStrictEqual(
      new Decimal(digits),
    );
  });

  it("leaves out refinements that the type cannot have or that say nothing", () => {
    const refinements = {
      notNull: false,
      stringPrefix: "",
      numberMin: { value: -Infinity, inclusive: true },
      lengthMin: 0,
    };
    for (const type of [STRING, NUMBER, list(STRING), object({})]) {
      expect(hex(encodeMsgpack(new Unknown(refinements), type))).toBe("d40000");
    }
    expect(hex(encodeMsgpack(new Unknown({ notNull: true }), DYNAMIC))).toBe("d40000");
  });

  it("shortens a prefix to whole characters below cty's limit", () => {
    const decoded = decodeMsgpack(
      encodeMsgpack(new Unknown({ stringPrefix: "é".repeat(400) }), STRING),
      STRING,
    );
    expect(decoded).toStrictEqual(new Unknown({ stringPrefix: "é".repeat(128) }));
    const odd = new Unknown({ stringPrefix: `a${"é".repeat(400)}` });
    expect(decodeMsgpack(encodeMsgpack(odd, STRING), STRING)).toStrictEqual(
      new Unknown({ stringPrefix: `a${"é".repeat(127)}` }),
    );
  });

  it("takes no attribute from an object's prototype", () => {
    const type = object({ constructor: STRING });
    expect(failure(() => encodeMsgpack({}, type)).message).toBe(
      "constructor: the attribute is missing",
    );
  });

  it("keeps an attribute named __proto__", () => {
    const attributes = Object.create(null) as Record<string, Type>;
    attributes["__proto__"] = STRING;
    const decoded = decodeMsgpack(unhex("81 a95f5f70726f746f5f5f a161"), object(attributes));
    expect(Object.entries(decoded as object)).toStrictEqual([["__proto__", "a"]]);
    expect(hex(encodeMsgpack(decoded, object(attributes)))).toBe("81a95f5f70726f746f5f5fa161");
  });

  it("reads bytes that lie inside a larger buffer", () => {
    const bytes = unhex("ffff a3616263 ffff");
    expect(decodeMsgpack(bytes.subarray(2, 6), STRING)).toBe("abc");
  });
});

describe("msgpack that is not of the type", () => {
  const nested = object({ tags: map(list(object({ name: STRING }))) });

  it.each<[name: string, type: Type, bytes: string, path: string, problem: string]>([
    ["nothing", STRING, "", "", "the bytes end before the value does"],
    [
      "more than one value",
      STRING,
      "a161c0",
      "",
      "one value is required, but more bytes follow it",
    ],
    ["a number for a string", STRING, "05", "", "a string is required, but a number was found"],
    ["a string for a bool", BOOL, "a474727565", "", "a bool is required, but a string was found"],
    ["a bool for a number", NUMBER, "c3", "", "a number is required, but a bool was found"],
    [
      "text that is no number",
      NUMBER,
      "a3666f6f",
      "",
      "a number is required, but a string was found",
    ],
    ["text that says NaN", NUMBER, "a34e614e", "", "a number is required, but a string was found"],
    ["NaN", NUMBER, "cb7ff8000000000000", "", "a number is required, but NaN was found"],
    ["a map for a list", list(STRING), "80", "", "a list is required, but a map was found"],
    ["a list for a map", map(STRING), "90", "", "a map is required, but an array was found"],
    ["a list for an object", object({}), "90", "", "an object is required, but an array was found"],
    ["a string for a set", set(STRING), "a0", "", "a set is required, but a string was found"],
    [
      "the unused byte",
      STRING,
      "c1",
      "",
      "a string is required, but a byte that msgpack does not use was found",
    ],
    ["a cut string", STRING, "a36162", "", "the bytes end before the value does"],
    ["a cut number", NUMBER, "cd01", "", "the bytes end before the value does"],
    ["a cut extension", STRING, "d400", "", "the bytes end before the value does"],
    [
      "bytes that are no UTF-8",
      STRING,
      "a2ff61",
      "",
      "text in UTF-8 is required, but other bytes were found",
    ],
    [
      "a tuple too short",
      tuple([BOOL, BOOL]),
      "91c3",
      "",
      "a tuple of 2 elements is required, but one of 1 was found",
    ],
    [
      "a fault in a tuple",
      tuple([BOOL, BOOL]),
      "92c305",
      "[1]",
      "a bool is required, but a number was found",
    ],
    ["a fault in a set", set(BOOL), "92c305", "[1]", "a bool is required, but a number was found"],
    [
      "a fault deep inside",
      nested,
      "81 a474616773 81 a161 91 81 a46e616d65 05",
      'tags["a"][0].name',
      "a string is required, but a number was found",
    ],
    [
      "a number as map key",
      map(STRING),
      "8105a161",
      "",
      "a map key that is a string is required, but a number was found",
    ],
    [
      "an attribute too many",
      object({}),
      "81a161c0",
      "",
      "an object with 0 attributes is required, but one with 1 was found",
    ],
    [
      "an attribute of no type",
      object({ a: BOOL }),
      "81a162c3",
      "",
      "the object has an attribute that its type does not have",
    ],
    [
      "an attribute twice",
      object({ a: BOOL, b: BOOL }),
      "82a161c3a161c3",
      "a",
      "the attribute is given twice",
    ],
    [
      "a dynamic value of three",
      DYNAMIC,
      "93c0c0c0",
      "",
      "a dynamic value is required, but an array not of two elements was found",
    ],
    [
      "a dynamic value without brackets",
      DYNAMIC,
      "a161",
      "",
      "a dynamic value is required, but a string was found",
    ],
    [
      "a type that is no JSON",
      DYNAMIC,
      "92 a7 73656372657421 c0",
      "",
      "a type in cty's JSON syntax is required",
    ],
    [
      "an extension that cty does not have",
      STRING,
      "d5070000",
      "",
      "an unknown value is required, but another extension was found",
    ],
    [
      "a prefix of a number",
      NUMBER,
      "c7040c8102a161",
      "",
      "the unknown value has a refinement that a number cannot have",
    ],
    [
      "a length of a string",
      STRING,
      "c7030c810501",
      "",
      "the unknown value has a refinement that a string cannot have",
    ],
    [
      "a bound of a bool",
      BOOL,
      "c7050c81039201c3",
      "",
      "the unknown value has a refinement that a bool cannot have",
    ],
    [
      "a negative length",
      list(STRING),
      "c7030c8105ff",
      "",
      "a length is required, but another number was found",
    ],
    [
      "a bound of one element",
      NUMBER,
      "c7040c81039101",
      "",
      "a bound is required, but an array not of two elements was found",
    ],
    [
      "refinements that are no map",
      STRING,
      "d50cc3c3",
      "",
      "a map of refinements is required, but a bool was found",
    ],
    [
      "refinements beyond their limit",
      STRING,
      `c804010c${"00".repeat(1025)}`,
      "",
      "the refinements of the unknown value are too large",
    ],
  ])("refuses %s", (_name, type, bytes, path, problem) => {
    const error = failure(() => decodeMsgpack(unhex(bytes), type));
    expect(pathToString(error.path)).toBe(path);
    expect(error.problem).toBe(problem);
    expect(error.message).toBe(path === "" ? problem : `${path}: ${problem}`);
  });

  it.each<[name: string, type: Type, bytes: string]>([
    ["a list", list(STRING), "ddffffffff"],
    ["a map", map(STRING), "dfffffffff"],
    ["a string", STRING, "dbffffffff"],
    ["an extension", STRING, "c9ffffffff00"],
    ["a dynamic type", DYNAMIC, "92c6ffffffff"],
    ["a refinement", STRING, "c7060c8163ddffffffff"],
  ])("refuses %s that promises 4 GiB without making room for it", (_name, type, bytes) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(failure(() => decodeMsgpack(unhex(bytes), type)).problem).toBe(
      "the bytes end before the value does",
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  it("refuses dynamic values nested without end", () => {
    const bytes = unhex(`${"92a92264796e616d696322".repeat(100_000)}c0`);
    expect(failure(() => decodeMsgpack(bytes, DYNAMIC)).problem).toBe(
      "nested more than 128 levels deep",
    );
  });

  it("refuses a dynamic type nested without end", () => {
    const json = Buffer.from('["list",'.repeat(100_000));
    const bytes = Buffer.concat([unhex("92c6"), uint32(json.length), json, unhex("c0")]);
    expect(failure(() => decodeMsgpack(bytes, DYNAMIC)).problem).toBe(
      "a type in cty's JSON syntax is required",
    );
    const closed = Buffer.from(`${'["list",'.repeat(1_000)}"bool"${"]".repeat(1_000)}`);
    const deep = Buffer.concat([unhex("92c6"), uint32(closed.length), closed, unhex("c0")]);
    expect(failure(() => decodeMsgpack(deep, DYNAMIC)).problem).toBe(
      "nested more than 128 levels deep",
    );
  });

  it("refuses a number of ten million digits no slower than it reads them", () => {
    const digits = Buffer.from(`${"0".repeat(10_000_000)}x`);
    const bytes = Buffer.concat([unhex("db"), uint32(digits.length), digits]);
    expect(failure(() => decodeMsgpack(bytes, NUMBER)).problem).toBe(
      "a number is required, but a string was found",
    );
  });
});

describe("a value that is not of the type", () => {
  it.each<[name: string, type: Type, value: Value, message: string]>([
    ["a string for a number", NUMBER, "5", "a number is required, but a string was found"],
    ["a number for a string", STRING, 5, "a string is required, but a number was found"],
    ["null for nothing", object({ a: STRING }), {}, "a: the attribute is missing"],
    [
      "an attribute too many",
      object({}),
      { a: "x" },
      "the object has an attribute that its type does not have",
    ],
    [
      "a bare value in a dynamic place",
      list(DYNAMIC),
      ["a"],
      "[0]: a dynamic value is required, but a string was found",
    ],
    ["a record for a map", map(STRING), {}, "a map is required, but an object was found"],
    ["a map for an object", object({}), new Map(), "an object is required, but a map was found"],
    [
      "a fault in a map",
      map(BOOL),
      new Map([["a", "secret"]]),
      '["a"]: a bool is required, but a string was found',
    ],
    ["a list for a bool", BOOL, [], "a bool is required, but an array was found"],
    [
      "a tuple too long",
      tuple([]),
      [true],
      "a tuple of 0 elements is required, but one of 1 was found",
    ],
    ["NaN", NUMBER, NaN, "a finite number is required"],
    ["a Decimal that is no number", NUMBER, new Decimal("secret"), "a finite number is required"],
    [
      "half a surrogate pair",
      STRING,
      "a\ud800",
      "Unicode text is required, but half a surrogate pair was found",
    ],
  ])("is refused: %s", (_name, type, value, message) => {
    expect(failure(() => encodeMsgpack(value, type)).message).toBe(message);
  });

  it("is refused where it nests without end", () => {
    const value = new Dynamic(DYNAMIC, null);
    Object.assign(value, { value });
    expect(failure(() => encodeMsgpack(value, DYNAMIC)).problem).toBe(
      "nested more than 128 levels deep",
    );
  });
});

describe("msgpack, for any value and any bytes", () => {
  it("gives back what it was given", () => {
    fc.assert(
      fc.property(typed({ unknowns: true }), ({ type, value }) => {
        const bytes = encodeMsgpack(value, type);
        const decoded = decodeMsgpack(bytes, type);
        expect(valuesEqual(decoded, value, type)).toBe(true);
        expect(hex(encodeMsgpack(decoded, type))).toBe(hex(bytes));
      }),
      { numRuns: FUZZ_CASES },
    );
  });

  it("makes a value or a CtyError of random bytes", () => {
    fc.assert(
      fc.property(anyType, fc.uint8Array({ maxLength: 64 }), (type, bytes) => {
        expectValueOrCtyError(bytes, type);
      }),
      { numRuns: FUZZ_CASES },
    );
  });

  it("makes a value or a CtyError of bytes changed, cut or lengthened", () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.option(fc.nat()) });
    fc.assert(
      fc.property(
        typed({ unknowns: true }),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        ({ type, value }, changes) => {
          let bytes = Uint8Array.from(encodeMsgpack(value, type));
          for (const { at, byte, cut } of changes) {
            bytes[at % bytes.length] = byte;
            if (cut !== null) bytes = bytes.slice(0, 1 + (cut % bytes.length));
          }
          expectValueOrCtyError(bytes, type);
        },
      ),
      { numRuns: FUZZ_CASES },
    );
  });
});

/** A value that decodes must encode again, to bytes that mean the same. */
function expectValueOrCtyError(bytes: Uint8Array, type: Type): void {
  let value: Value;
  try {
    value = decodeMsgpack(bytes, type);
  } catch (error) {
    expect(error).toMatchObject({ name: "CtyError" });
    return;
  }
  const again = decodeMsgpack(encodeMsgpack(value, type), type);
  expect(valuesEqual(again, value, type)).toBe(true);
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** 2^-1074 in full. */
function smallestFloat(): string {
  const digits = String(5n ** 1074n);
  return `${digits.slice(0, 1)}.${digits.slice(1)}e-324`;
}
