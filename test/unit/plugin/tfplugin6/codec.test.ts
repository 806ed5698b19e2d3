import { MessageType } from "../../../../src/plugin/tfplugin6/codec.js";
import * as goPlugin from "../../../../src/plugin/tfplugin6/generated/go-plugin.js";
import * as wire from "../../../../src/plugin/tfplugin6/generated/tfplugin6.js";
import { ProtocolError } from "../../../../src/plugin/tfplugin6/protocol-error.js";
import { hex, unhex } from "./support.js";

const { AttributePathStep, DynamicValue, FunctionError, RawState, ReadResourceRequest } = wire;

describe("bytes and values", () => {
  // What protoc's own encoders write for these values.
  it.each([
    ["an empty message", DynamicValue, {}, ""],
    ["bytes", DynamicValue, { msgpack: Uint8Array.of(0xc0) }, "0a 01 c0"],
    [
      "both fields, in order of number",
      DynamicValue,
      { json: Uint8Array.of(1), msgpack: Uint8Array.of(2) },
      "0a 01 02  12 01 01",
    ],
    ["a string in UTF-8", FunctionError, { text: "é€😀" }, "0a 09 c3a9 e282ac f09f9880"],
    ["an optional zero", FunctionError, { functionArgument: 0 }, "10 00"],
    ["a number of two bytes", FunctionError, { functionArgument: 300 }, "10 ac 02"],
    ["-1", FunctionError, { functionArgument: -1 }, "10 ff ff ff ff ff ff ff ff ff 01"],
    [
      "the largest safe integer",
      FunctionError,
      { functionArgument: 2 ** 53 - 1 },
      "10 ff ff ff ff ff ff ff 0f",
    ],
    [
      "the smallest safe integer",
      FunctionError,
      { functionArgument: -(2 ** 53) + 1 },
      "10 81 80 80 80 80 80 80 f0 ff 01",
    ],
    ["a negative int32", wire.Timestamp, { nanos: -2 }, "10 fe ff ff ff ff ff ff ff ff 01"],
    ["a uint32", goPlugin.ConnInfo, { serviceId: 0xffff_ffff }, "08 ff ff ff ff 0f"],
    ["an enum", wire.Diagnostic, { severity: wire.DiagnosticSeverity.WARNING }, "08 02"],
    ["a bool", wire.ClientCapabilities, { writeOnlyAttributesAllowed: true }, "10 01"],
    ["a field of number 11", wire.SchemaAttribute, { writeOnly: true }, "58 01"],
    ["an empty string in a oneof", AttributePathStep, { attributeName: "" }, "0a 00"],
    ["a zero in a oneof", AttributePathStep, { elementKeyInt: 0 }, "18 00"],
    ["an empty message field", ReadResourceRequest, { currentState: {} }, "12 00"],
    [
      "nested messages",
      ReadResourceRequest,
      { currentIdentity: { identityData: { json: Uint8Array.of(7) } } },
      "32 05 0a 03 12 01 07",
    ],
    [
      "repeated messages",
      wire.AttributePath,
      { steps: [{ attributeName: "a" }, {}, { elementKeyInt: 1 }] },
      "0a 03 0a 01 61  0a 00  0a 02 18 01",
    ],
    [
      "a map",
      RawState,
      { flatmap: { a: "b", "": "" } },
      "12 06 0a 01 61 12 01 62  12 04 0a 00 12 00",
    ],
    [
      "a map of messages",
      wire.GetFunctionsResponse,
      { functions: { f: { summary: "s" } } },
      "0a 08 0a 01 66 12 03 22 01 73",
    ],
  ] as [string, MessageType<unknown>, object, string][])(
    "encode and decode %s",
    (_what, type, value, bytes) => {
      expect(hex(type.encode(value))).toBe(hex(unhex(bytes)));
      expect(type.decode(unhex(bytes))).toMatchObject(value);
    },
  );

  it("fills in the defaults of what did not come, and leaves messages and optional fields out", () => {
    expect(wire.OpenEphemeralResourceResponse.decode(unhex(""))).toEqual({ diagnostics: [] });
    expect(ReadResourceRequest.decode(unhex(""))).toEqual({
      typeName: "",
      private: new Uint8Array(0),
    });
    expect(RawState.decode(unhex(""))).toEqual({ json: new Uint8Array(0), flatmap: {} });
  });

  it("leaves room before a message where asked to", () => {
    expect(hex(DynamicValue.encode({ msgpack: Uint8Array.of(1) }, 5))).toBe(
      "0000000000" + "0a0101",
    );
  });

  it("grows for fields of any size", () => {
    for (const size of [1000, 1017, 1018, 1019, 1024, 5000, 3_000_000]) {
      const msgpack = Buffer.alloc(size, size % 251);
      expect(msgpack.equals(DynamicValue.decode(DynamicValue.encode({ msgpack })).msgpack)).toBe(
        true,
      );
    }
  });
});

describe("decoding as the specification asks", () => {
  it("skips fields it does not know, of each wire type", () => {
    const unknown = "a8 06 ff 01  a1 06 01 02 03 04 05 06 07 08  aa 06 02 61 62  ad 06 01 02 03 04";
    expect(FunctionError.decode(unhex(`${unknown} 0a 01 78 ${unknown}`))).toEqual({ text: "x" });
  });

  it("takes the last of a field that comes twice, and merges messages", () => {
    expect(FunctionError.decode(unhex("0a 01 61 0a 01 62"))).toEqual({ text: "b" });
    const merged = ReadResourceRequest.decode(unhex("12 03 0a 01 01  12 03 12 01 02"));
    expect(merged.currentState).toEqual({ msgpack: Uint8Array.of(1), json: Uint8Array.of(2) });
  });

  it("takes the last member of a oneof", () => {
    expect(AttributePathStep.decode(unhex("0a 01 61 18 05"))).toEqual({ elementKeyInt: 5 });
    expect(AttributePathStep.decode(unhex("18 05 0a 00"))).toEqual({ attributeName: "" });
  });

  it("takes varints that are longer than they need to be, up to ten bytes", () => {
    expect(FunctionError.decode(unhex("10 85 80 80 00"))).toEqual({
      text: "",
      functionArgument: 5,
    });
    expect(FunctionError.decode(unhex("10 85 80 80 80 80 80 80 80 80 00")).functionArgument).toBe(
      5,
    );
  });

  it("takes map entries whose key or value is missing, out of order or unknown", () => {
    expect(RawState.decode(unhex("12 00")).flatmap).toEqual({ "": "" });
    expect(RawState.decode(unhex("12 06 12 01 62 0a 01 61")).flatmap).toEqual({ a: "b" });
    expect(RawState.decode(unhex("12 08 0a 01 61 18 07 12 01 62")).flatmap).toEqual({ a: "b" });
    expect(wire.GetFunctionsResponse.decode(unhex("0a 03 0a 01 66")).functions["f"]).toEqual({
      parameters: [],
      summary: "",
      description: "",
      descriptionKind: 0,
      deprecationMessage: "",
    });
  });

  it("keeps a key that objects have by nature", () => {
    const flatmap = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const decoded = RawState.decode(RawState.encode({ flatmap })).flatmap;
    expect(Object.entries(decoded)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });

  it("shares nothing between two messages", () => {
    const one = wire.AttributePath.decode(unhex("0a 00"));
    const two = wire.AttributePath.decode(unhex("0a 00 0a 00"));
    expect([one.steps.length, two.steps.length]).toEqual([1, 2]);
    expect(wire.AttributePath.decode(unhex("")).steps).toEqual([]);
  });

  it("reads a span in the middle of a larger buffer", () => {
    const outer = unhex("ff ff 0a 01 c0 ff ff");
    expect(DynamicValue.decode(outer.subarray(2, 5)).msgpack).toEqual(Uint8Array.of(0xc0));
  });
});

describe("what is no message", () => {
  it.each([
    ["a tag and no more", DynamicValue, "0a"],
    ["a length beyond the end", DynamicValue, "0a 05 01"],
    ["a length of 4 GiB", DynamicValue, "0a ff ff ff ff 0f 01"],
    ["a length of 2^63", DynamicValue, "0a ff ff ff ff ff ff ff ff 7f"],
    ["a nested length beyond its message", ReadResourceRequest, "12 03 0a 05 01"],
    ["a varint that is cut", FunctionError, "10 80"],
    ["a varint of eleven bytes", FunctionError, "10 80 80 80 80 80 80 80 80 80 80 01"],
    ["a varint beyond 64 bits", FunctionError, "10 ff ff ff ff ff ff ff ff ff 02"],
    ["an int64 that no number holds", FunctionError, "10 80 80 80 80 80 80 80 10"],
    ["an int64 that no number holds, negative", FunctionError, "10 80 80 80 80 80 80 80 f0 ff 01"],
    ["field number 0", DynamicValue, "00 00"],
    ["a field number beyond 2^29", DynamicValue, "f8 ff ff ff 1f 00"],
    ["a wrong wire type", DynamicValue, "08 01"],
    ["a wrong wire type of a number", FunctionError, "12 00"],
    ["a wrong wire type in a map", RawState, "12 02 08 01"],
    ["a group", DynamicValue, "1b 1c"],
    ["the end of a group", DynamicValue, "1c"],
    ["wire type 6", DynamicValue, "1e"],
    ["wire type 7", DynamicValue, "1f"],
    ["a fixed field that is cut", DynamicValue, "1d 01 02"],
    ["a string that is no UTF-8", FunctionError, "0a 02 c3 28"],
    ["a string with a surrogate", FunctionError, "0a 03 ed a0 80"],
  ] as [string, MessageType<unknown>, string][])("is refused: %s", (_what, type, bytes) => {
    const failure = () => type.decode(unhex(bytes));
    expect(failure).toThrow(ProtocolError);
    expect(failure).toThrow(type.name);
  });

  it("is refused where messages nest without end", () => {
    const Nested: MessageType<object> = new MessageType("Nested", () => [
      [1, "inner", Nested, "explicit"],
    ]);
    const nested = (depth: number): object => (depth === 0 ? {} : { inner: nested(depth - 1) });
    const deepest = Nested.encode(nested(100));
    expect(() => Nested.decode(deepest)).not.toThrow();
    expect(() => Nested.decode(Nested.encode(nested(101)))).toThrow(/nested too deeply/);
  });

  it("is refused where two bytes each ask for an object, a million times", () => {
    const flood = Buffer.alloc(2 * 1_000_001).fill("1200", "hex");
    expect(() => wire.CallFunctionRequest.decode(flood)).toThrow(/too many parts/);
  });
});

describe("what no message can carry", () => {
  it.each([
    ["a fraction", FunctionError, { functionArgument: 0.5 }],
    ["NaN", FunctionError, { functionArgument: NaN }],
    ["a number beyond 2^53", FunctionError, { functionArgument: 2 ** 53 }],
    ["an int32 of 33 bits", wire.Timestamp, { nanos: 2 ** 31 }],
    ["a negative uint32", goPlugin.ConnInfo, { serviceId: -1 }],
  ] as [string, MessageType<unknown>, object][])("is refused: %s", (_what, type, value) => {
    expect(() => type.encode(value)).toThrow(ProtocolError);
  });
});
