import fc from "fast-check";
import { CtyError } from "../../../../src/plugin/cty/error.js";
import * as t from "../../../../src/plugin/cty/type.js";
import { UNKNOWN, type Value } from "../../../../src/plugin/cty/value.js";

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const unhex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

/** A decoder's complaint about bytes that it refuses, as `path: problem`. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CtyError) return error.message;
    throw error;
  }
  throw new Error("no error was thrown");
}

/** The complaint about a value of another type. */
export const wants = (required: string, found: string): string =>
  `${required} is required, but ${found} was found`;

/** The complaint about an attribute that the type does not have. */
export const FOREIGN = "the object has an attribute that its type does not have";

/** An object type with an attribute whose name JavaScript gives a meaning of its own. */
export const PROTO = t.object(Object.fromEntries([["__proto__", t.STRING]]));

const name = fc.oneof(
  fc.stringMatching(/^[a-z_]{1,12}$/),
  fc.constantFrom("__proto__", "constructor", "toString", "é", "😀", "ﬁ", "0", "10", "9"),
);

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom("", "null", "\u0000", "\ufffd", "\ufeffx", '"\\', "a".repeat(300)),
);

const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((float) =>
      Object.is(float, -0) || (Number.isInteger(float) && !Number.isSafeInteger(float)) ? 0 : float,
    ),
);

/** Any type. */
export const anyType: fc.Arbitrary<t.Type> = fc.letrec<{ type: t.Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<t.Type>(t.STRING, t.NUMBER, t.BOOL),
    tie("type").map(t.list),
    tie("type").map(t.set),
    tie("type").map(t.map),
    fc
      .array(fc.tuple(name, tie("type")), { maxLength: 5 })
      .map((entries) => t.object(Object.fromEntries(entries))),
  ),
})).type;

function knownOf(of: t.Type): fc.Arbitrary<Value> {
  switch (of.kind) {
    case "string":
      return text;
    case "number":
      return number;
    case "bool":
      return fc.boolean();
    case "list":
    case "set":
      return fc.array(valueOf(of.element), { maxLength: 4 });
    case "map":
      return fc
        .array(fc.tuple(name, valueOf(of.element)), { maxLength: 4 })
        .map((entries) => new Map(entries));
    case "object": {
      const attributes = Object.entries(of.attributes);
      return fc
        .tuple(...attributes.map(([each, type]) => fc.tuple(fc.constant(each), valueOf(type))))
        .map((entries) => Object.fromEntries(entries) as Value);
    }
  }
}

const valueOf = (of: t.Type): fc.Arbitrary<Value> =>
  fc.oneof(
    { weight: 8, arbitrary: knownOf(of) },
    { weight: 2, arbitrary: fc.constantFrom<Value>(null, UNKNOWN) },
  );

/** A type together with a value of it. */
export const typed: fc.Arbitrary<{ readonly type: t.Type; readonly value: Value }> = anyType.chain(
  (type) => valueOf(type).map((value) => ({ type, value })),
);
