import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import protobuf from "protobufjs";
import type { MessageType } from "../../../../src/plugin/tfplugin6/codec.js";
import * as health from "../../../../src/plugin/tfplugin6/generated/go-plugin-health.js";
import * as goPlugin from "../../../../src/plugin/tfplugin6/generated/go-plugin.js";
import * as wire from "../../../../src/plugin/tfplugin6/generated/tfplugin6.js";
import { ProtocolError } from "../../../../src/plugin/tfplugin6/protocol-error.js";

/** How many cases a property is tried with; CI asks for more. */
export const FUZZ_CASES = Number(process.env["FUZZ_CASES"] ?? 1_000);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const unhex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");

/** Every message of the generated tables. */
export const MESSAGES: readonly MessageType<unknown>[] = [wire, goPlugin, health].flatMap(
  (module) =>
    Object.values(module).filter(
      (value): value is MessageType<never> =>
        typeof (value as { decode?: unknown }).decode === "function",
    ),
);

/** protobufjs's own reading of the same .proto files: the oracle. */
export const ORACLE = new protobuf.Root().loadSync(
  ["tfplugin6", "go-plugin", "go-plugin-health"].map((name) =>
    join(__dirname, `../../../../src/plugin/tfplugin6/${name}.proto`),
  ),
);

/** A string that no encoding changes: UTF-8 has no lone surrogates. */
export const text = (): fc.Arbitrary<string> => fc.string({ unit: "binary", maxLength: 20 });

const SCALARS: Record<string, () => fc.Arbitrary<unknown>> = {
  string: text,
  bytes: () => fc.uint8Array({ maxLength: 40 }),
  bool: () => fc.boolean(),
  int32: () => fc.integer(),
  uint32: () => fc.nat(),
  int64: () => fc.maxSafeInteger(),
};

const arbitraries = new Map<string, fc.Arbitrary<Record<string, unknown>>>();

/** Any value of a message, as the oracle's description of it allows; fields may be missing. */
export const anyMessage = (name: string, depth = 3): fc.Arbitrary<Record<string, unknown>> => {
  const key = `${name} ${depth}`;
  const known = arbitraries.get(key) ?? makeMessage(name, depth);
  arbitraries.set(key, known);
  return known;
};

const makeMessage = (name: string, depth: number): fc.Arbitrary<Record<string, unknown>> => {
  const type = ORACLE.lookupType(name);
  const oneofs = type.oneofsArray.filter((oneof) => oneof.oneof.length > 1);
  const fields = type.fieldsArray.filter(
    (field) => !oneofs.some((of) => of.oneof.includes(field.name)),
  );
  const record = (of: readonly protobuf.Field[]): Record<string, fc.Arbitrary<unknown>> =>
    Object.fromEntries(of.map((field) => [field.name, anyField(field.resolve(), depth)] as const));
  const choices = oneofs.map((oneof) =>
    fc.oneof(
      fc.constant({}),
      ...oneof.oneof.map((member) => fc.record(record([type.fields[member]!]))),
    ),
  );
  return fc
    .tuple(fc.record(record(fields), { requiredKeys: [] }), ...choices)
    .map((parts) => Object.assign({}, ...parts) as Record<string, unknown>);
};

const anyField = (field: protobuf.Field, depth: number): fc.Arbitrary<unknown> => {
  const one =
    field.resolvedType instanceof protobuf.Type
      ? depth === 0
        ? fc.constant({})
        : anyMessage(field.resolvedType.fullName, depth - 1)
      : field.resolvedType instanceof protobuf.Enum
        ? fc.nat(5)
        : SCALARS[field.type]!();
  if (field.map) return fc.dictionary(text(), one, { maxKeys: 2 });
  return field.repeated ? fc.array(one, { maxLength: 2 }) : one;
};

/** What `decode` gives for what went into `encode`: defaults filled in, all else the same. */
export const asDecoded = (
  name: string,
  value: Record<string, unknown>,
): Record<string, unknown> => {
  const type = ORACLE.lookupType(name);
  const entries = type.fieldsArray.flatMap((field): [string, unknown][] => {
    field.resolve();
    const given = value[field.name];
    const nested = (one: unknown): unknown =>
      field.resolvedType instanceof protobuf.Type
        ? asDecoded(field.resolvedType.fullName, one as Record<string, unknown>)
        : one;
    if (field.map) {
      const pairs = Object.entries(given ?? {}).map(([key, one]) => [key, nested(one)]);
      return [
        [field.name, Object.assign(Object.create(null), Object.fromEntries(pairs)) as unknown],
      ];
    }
    if (field.repeated) return [[field.name, ((given ?? []) as unknown[]).map(nested)]];
    if (given !== undefined) return [[field.name, nested(given)]];
    const isMessage = field.resolvedType instanceof protobuf.Type;
    if (isMessage || field.partOf) return [];
    return [[field.name, defaults[field.resolvedType ? "int32" : field.type]]];
  });
  return Object.fromEntries(entries);
};

const defaults: Record<string, unknown> = {
  string: "",
  bytes: new Uint8Array(0),
  bool: false,
  int32: 0,
  uint32: 0,
  int64: 0,
};

/** As `toEqual`, and quick where the two are equal: a property asks a hundred thousand times. */
export const expectSame = (received: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(received, expected)) expect(received).toStrictEqual(expected);
};

/** What a decoder made of some bytes: a value, or the message of its ProtocolError. */
export const outcome = (type: MessageType<unknown>, bytes: Uint8Array): unknown => {
  try {
    return type.decode(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
};
