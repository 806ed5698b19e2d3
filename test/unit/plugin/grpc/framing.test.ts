import * as fc from "fast-check";
import * as wire from "../../../../src/plugin/tfplugin6/generated/tfplugin6.js";
import {
  decodeMessage,
  encodeFrame,
  FrameReader,
  MAX_MESSAGE_LENGTH,
} from "../../../../src/plugin/grpc/framing.js";
import { GrpcError, Status } from "../../../../src/plugin/grpc/status.js";
import { expectSame, FUZZ_CASES, hex, unhex } from "../tfplugin6/support.js";

const read = (...chunks: readonly Uint8Array[]): { messages: string[]; incomplete: boolean } => {
  const reader = new FrameReader();
  const messages = chunks.flatMap((chunk) => reader.push(Buffer.from(chunk)).map(hex));
  return { messages, incomplete: reader.incomplete };
};

const refusal = (work: () => unknown): number | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof GrpcError) return error.code;
    throw error;
  }
};

describe("a frame", () => {
  it("is a flag, the length in four bytes, and the message", () => {
    const frame = encodeFrame(wire.DynamicValue, { msgpack: Uint8Array.of(0xc0) });
    expect(hex(frame)).toBe("00 00000003 0a01c0".replaceAll(" ", ""));
    expect(hex(encodeFrame(wire.DynamicValue, {}))).toBe("0000000000");
  });

  it("is refused where its message is larger than Terraform takes", () => {
    const msgpack = Buffer.alloc(MAX_MESSAGE_LENGTH);
    const encode = () => encodeFrame(wire.DynamicValue, { msgpack });
    expect(refusal(encode)).toBe(Status.RESOURCE_EXHAUSTED);
  });

  it("whose message cannot be decoded is a fault of the call", () => {
    const decode = () => decodeMessage(wire.DynamicValue, Uint8Array.of(0x0a));
    expect(refusal(decode)).toBe(Status.INTERNAL);
  });
});

describe("reading frames", () => {
  it.each([
    ["nothing", [""], [], false],
    ["one message", ["00 00000002 abcd"], ["abcd"], false],
    ["an empty message", ["00 00000000"], [""], false],
    ["two in one chunk", ["00 00000001 aa 00 00000001 bb"], ["aa", "bb"], false],
    ["a header that is cut", ["00 0000", "0002 abcd"], ["abcd"], false],
    ["a message that is cut", ["00 00000003 ab", "cd", "ef"], ["abcdef"], false],
    ["a cut between header and message", ["00 00000001", "aa"], ["aa"], false],
    ["one and a half", ["00 00000001 aa 00 00000002 bb"], ["aa"], true],
    ["half a header", ["00 00"], [], true],
    ["a header alone", ["00 00000001"], [], true],
  ])("finds %s", (_what, chunks, messages, incomplete) => {
    expect(read(...chunks.map(unhex))).toEqual({ messages, incomplete });
  });

  it.each([
    ["a compressed message", "01 00000001 aa", Status.INTERNAL],
    ["a flag that is none", "ff 00000001 aa", Status.INTERNAL],
    ["4 GiB", "00 ffffffff", Status.RESOURCE_EXHAUSTED],
    ["a byte more than 256 MiB", "00 10000001", Status.RESOURCE_EXHAUSTED],
  ])("refuses %s at its header", (_what, bytes, status) => {
    expect(refusal(() => read(unhex(bytes)))).toBe(status);
  });

  it("takes memory for what has come, not for what was promised", () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 20 }, () => {
      const reader = new FrameReader();
      reader.push(unhex("00 10000000 01"));
      return reader;
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
    expect(readers.every(({ incomplete }) => incomplete)).toBe(true);
  });

  it("copies a large message a few times at most, however small its pieces", () => {
    const length = 2_000_000;
    const reader = new FrameReader();
    reader.push(unhex(`00 ${length.toString(16).padStart(8, "0")}`));
    const start = performance.now();
    const piece = Buffer.of(7);
    let messages: Uint8Array[] = [];
    for (let count = 0; count < length; count++) messages = reader.push(piece);
    expect(messages.map(({ byteLength }) => byteLength)).toEqual([length]);
    expect(messages[0]?.every((byte) => byte === 7)).toBe(true);
    // Copying all for each piece would take hours.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("gives the same messages wherever the stream is cut", () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
    const cuts = fc.array(fc.nat(1500), { maxLength: 30 });
    fc.assert(
      fc.property(messages, cuts, (given, at) => {
        const stream = Buffer.concat(given.map((json) => encodeFrame(wire.RawState, { json })));
        const places = [0, ...at.map((cut) => cut % (stream.length + 1)), stream.length];
        places.sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, index) => stream.subarray(places[index], end));
        const expected = given.map((json) => hex(wire.RawState.encode({ json })));
        expectSame(read(...chunks), { messages: expected, incomplete: false });
      }),
      { numRuns: FUZZ_CASES },
    );
  });

  it("makes messages or a status of any bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        refusal(() => read(...chunks));
      }),
      { numRuns: FUZZ_CASES },
    );
  });
});
