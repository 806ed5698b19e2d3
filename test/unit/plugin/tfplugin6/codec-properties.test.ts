import * as fc from "fast-check";
import type { MessageType } from "../../../../src/plugin/tfplugin6/codec.js";
import {
  anyMessage,
  asDecoded,
  expectSame,
  FUZZ_CASES,
  hex,
  MESSAGES,
  ORACLE,
  outcome,
} from "./support.js";

// A property fails where it throws: `outcome` lets nothing but a ProtocolError pass.

/** A message type with a value of it. */
const anyPair = fc
  .constantFrom(...MESSAGES)
  .chain((type) => anyMessage(type.name).map((value) => [type, value] as const));

it("knows every message of the .proto files", () => {
  const names = (namespace: { nestedArray?: readonly unknown[] }): string[] =>
    (namespace.nestedArray ?? []).flatMap((nested) => {
      const type = nested as { fullName: string; fields?: object; nestedArray?: unknown[] };
      return [...(type.fields ? [type.fullName.slice(1)] : []), ...names(type)];
    });
  const known = MESSAGES.map(({ name }) => name).sort();
  // The oracle brings all of protobuf's own timestamp file along, and nothing else.
  expect(known).toEqual(names(ORACLE).sort());
});

it("decodes what it encodes", () => {
  fc.assert(
    fc.property(anyPair, ([type, value]) => {
      expectSame(type.decode(type.encode(value)), asDecoded(type.name, value));
    }),
    { numRuns: FUZZ_CASES },
  );
});

it("encodes the bytes that protobufjs decodes, and the other way round", () => {
  fc.assert(
    fc.property(anyPair, ([type, value]) => {
      const oracle = ORACLE.lookupType(type.name);
      const ours = type.encode(value);
      const theirs = oracle.encode(value).finish();
      const plain = (bytes: Uint8Array) => oracle.toObject(oracle.decode(bytes), { bytes: String });
      expectSame(plain(ours), plain(theirs));
      expectSame(type.decode(theirs), type.decode(ours));
    }),
    { numRuns: FUZZ_CASES },
  );
});

it("makes a value or a ProtocolError of any bytes", () => {
  fc.assert(
    fc.property(fc.constantFrom(...MESSAGES), fc.uint8Array({ maxLength: 200 }), (type, bytes) => {
      outcome(type, bytes);
    }),
    { numRuns: FUZZ_CASES },
  );
});

it("makes a value or a ProtocolError of a message that was damaged", () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(anyPair, damage, fc.nat(), ([type, value], hits, cut) => {
      const bytes = Buffer.from(type.encode(value));
      for (const [at, byte] of hits) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      outcome(type, bytes);
      outcome(type, bytes.subarray(0, cut % (bytes.length + 1)));
    }),
    { numRuns: FUZZ_CASES },
  );
});

it("encodes again what it made of any bytes, and decodes that to the same", () => {
  const again = (type: MessageType<unknown>, bytes: Uint8Array): void => {
    const value = outcome(type, bytes);
    if (typeof value === "string") return;
    const encoded = type.encode(value);
    expectSame(type.decode(encoded), value);
    expectSame(hex(type.encode(type.decode(encoded))), hex(encoded));
  };
  fc.assert(fc.property(fc.constantFrom(...MESSAGES), fc.uint8Array({ maxLength: 60 }), again), {
    numRuns: FUZZ_CASES,
  });
});
