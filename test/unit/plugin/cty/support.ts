import fc from "fast-check";
import { CtyError } from "../../../../src/plugin/cty/error.js";
import * as t from "../../../../src/plugin/cty/type.js";
import { Decimal, Dynamic, Unknown, type Value } from "../../../../src/plugin/cty/value.js";

/** Raised in CI; see CONTRIBUTING. */
export const FUZZ_CASES = Number(process.env["FUZZ_CASES"] ?? 1_000);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const unhex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

/** An object as the decoders build it: without a prototype. */
export const record = <T>(entries: Record<string, T>): Record<string, T> =>
  Object.assign(Object.create(null) as Record<string, T>, entries);

/** The error that `run` throws, which must be a CtyError. */
export function failure(run: () => unknown): CtyError {
  try {
    run();
  } catch (error) {
    if (error instanceof CtyError) return error;
    throw error;
  }
  throw new Error("no error was thrown");
}

export interface Typed {
  readonly type: t.Type;
  readonly value: Value;
}

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
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((float) => {
    if (Number.isInteger(float) && !Number.isSafeInteger(float)) return BigInt(float);
    if (float !== 0 && Math.abs(float) < 2 ** -1022) return 0.5;
    return float === 0 ? 0 : float;
  }),
  fc.bigInt().map((integer) => (BigInt.asIntN(54, integer) === integer ? 0 : integer)),
  fc.stringMatching(/^-?[1-9]\d{0,30}\.\d{20,40}[1-9]$/).map((digits) => new Decimal(digits)),
);

const typeOver = (...leaves: t.Type[]): fc.Arbitrary<t.Type> =>
  fc.letrec<{ type: t.Type }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom(...leaves),
      tie("type").map(t.list),
      tie("type").map(t.set),
      tie("type").map(t.map),
      fc.array(tie("type"), { maxLength: 4 }).map(t.tuple),
      fc
        .array(fc.tuple(name, tie("type")), { maxLength: 5 })
        .map((entries) => t.object(record(Object.fromEntries(entries)))),
    ),
  })).type;

/** Any type. */
export const anyType = typeOver(t.STRING, t.NUMBER, t.BOOL, t.DYNAMIC);

/** What a dynamic value turns out to be: nothing dynamic, so that values end. */
const concreteType = typeOver(t.STRING, t.NUMBER, t.BOOL);

function unknownOf(of: t.Type): fc.Arbitrary<Value> {
  if (of.kind === "dynamic") return fc.constant(new Unknown());
  const bound = fc.record({ value: number, inclusive: fc.boolean() });
  const refinements = {
    notNull: fc.constant(true),
    ...(of.kind === "string" && { stringPrefix: fc.string({ minLength: 1, maxLength: 40 }) }),
    ...(of.kind === "number" && { numberMin: bound, numberMax: bound }),
    ...((of.kind === "list" || of.kind === "set" || of.kind === "map") && {
      lengthMin: fc.integer({ min: 1 }),
      lengthMax: fc.nat(),
    }),
  };
  return fc
    .record(refinements, { requiredKeys: [] })
    .map((found) => (Object.keys(found).length === 0 ? new Unknown() : new Unknown(found)));
}

function knownOf(of: t.Type, unknowns: boolean): fc.Arbitrary<Value> {
  const part = (each: t.Type): fc.Arbitrary<Value> => valueOf(each, unknowns);
  switch (of.kind) {
    case "string":
      return text;
    case "number":
      return number;
    case "bool":
      return fc.boolean();
    case "list":
    case "set":
      return fc.array(part(of.element), { maxLength: 4 });
    case "map":
      return fc
        .array(fc.tuple(name, part(of.element)), { maxLength: 4 })
        .map((entries) => new Map(entries));
    case "tuple":
      return fc.tuple(...of.elements.map(part));
    case "object": {
      const names = Object.keys(of.attributes);
      return fc.tuple(...names.map((each) => part(of.attributes[each] as t.Type))).map((values) => {
        const attributes = Object.create(null) as Record<string, Value>;
        names.forEach((each, index) => (attributes[each] = values[index] as Value));
        return attributes;
      });
    }
    case "dynamic":
      return concreteType.chain((each) => part(each).map((value) => new Dynamic(each, value)));
  }
}

const valueOf = (of: t.Type, unknowns: boolean): fc.Arbitrary<Value> =>
  fc.oneof(
    { weight: 8, arbitrary: knownOf(of, unknowns) },
    { weight: 1, arbitrary: fc.constant(null) },
    ...(unknowns ? [{ weight: 1, arbitrary: unknownOf(of) }] : []),
  );

/** A type together with a value of it. */
export const typed = ({ unknowns }: { readonly unknowns: boolean }): fc.Arbitrary<Typed> =>
  anyType.chain((each) => valueOf(each, unknowns).map((value) => ({ type: each, value })));
