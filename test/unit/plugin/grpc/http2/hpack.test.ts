import * as fc from "fast-check";
import { encodeHeaders, HpackDecoder } from "../../../../../src/plugin/grpc/http2/hpack.js";
import { ConnectionError } from "../../../../../src/plugin/grpc/http2/http2-error.js";
import { decodeHuffman } from "../../../../../src/plugin/grpc/http2/huffman.js";
import { FUZZ_CASES, unhex } from "../../tfplugin6/support.js";

const text = (headers: readonly (readonly [string, string])[]): string =>
  headers.map(([name, value]) => `${name}: ${value}`).join("\n");

describe("Huffman's code, in RFC 7541's own examples", () => {
  it.each([
    ["f1e3c2e5f23a6ba0ab90f4ff", "www.example.com"],
    ["a8eb10649cbf", "no-cache"],
    ["25a849e95ba97d7f", "custom-key"],
    ["25a849e95bb8e8b4bf", "custom-value"],
    ["6402", "302"],
    ["640eff", "307"],
    ["aec3771a4b", "private"],
    ["d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT"],
    ["9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com"],
    ["9bd9ab", "gzip"],
    [
      "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
      "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    ],
    ["", ""],
  ])("%s is %j", (hex, expected) => {
    expect(decodeHuffman(unhex(hex))).toBe(expected);
  });

  it.each([
    ["a whole byte of padding", "a8eb10649cbfff"],
    ["padding that is no run of ones", "a8eb10649cbe"],
    ["the end of the string within it", "ffffffff"],
    ["the end of the string after a symbol", "a8eb10649cbffffffffc"],
  ])("is refused with %s", (_what, hex) => {
    expect(() => decodeHuffman(unhex(hex))).toThrow(ConnectionError);
  });
});

describe("a header block", () => {
  it("is read as in RFC 7541, C.3: requests that share a table", () => {
    const decoder = new HpackDecoder();
    expect(text(decoder.decode(unhex("828684410f7777772e6578616d706c652e636f6d")))).toBe(
      ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com",
    );
    expect(text(decoder.decode(unhex("828684be58086e6f2d6361636865")))).toBe(
      ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\ncache-control: no-cache",
    );
    expect(
      text(decoder.decode(unhex("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565"))),
    ).toBe(
      ":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value",
    );
  });

  it("is read as in RFC 7541, C.4: the same in Huffman's code", () => {
    const decoder = new HpackDecoder();
    decoder.decode(unhex("828684418cf1e3c2e5f23a6ba0ab90f4ff"));
    decoder.decode(unhex("828684be5886a8eb10649cbf"));
    expect(text(decoder.decode(unhex("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")))).toBe(
      ":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value",
    );
  });

  it("forgets what no longer fits into the table", () => {
    const decoder = new HpackDecoder();
    const literal = (name: string) =>
      Buffer.concat([
        Buffer.of(0x40, name.length),
        Buffer.from(name),
        Buffer.of(1),
        Buffer.from("x"),
      ]);
    for (const name of ["first", "second", "third"]) decoder.decode(literal(name));
    expect(text(decoder.decode(unhex("c0")))).toBe("first: x");
    // A table of 80 bytes has room for two entries of 5 + 1 + 32.
    expect(text(decoder.decode(unhex("3f31be")))).toBe("third: x");
    expect(text(decoder.decode(unhex("bf")))).toBe("second: x");
    expect(() => decoder.decode(unhex("c0"))).toThrow(/not there/);
  });

  it.each([
    ["an entry 0", "80"],
    ["an entry that nobody made", "be"],
    ["a name that nobody made", "7f0001"],
    ["an end within a number", "ff"],
    ["an end within a number of many bytes", "ffffff"],
    ["a number without end", "ffffffffffffffffffffff"],
    ["an end before a value", "4001"],
    ["an end within a value", "400161ff"],
    ["a table larger than was offered", "3fe21f"],
    ["a change of the table after a header", "8220"],
  ])("is refused with %s", (_what, hex) => {
    expect(() => new HpackDecoder().decode(unhex(hex))).toThrow(ConnectionError);
  });

  it("is refused where a few bytes stand for a lot of headers", () => {
    const decoder = new HpackDecoder();
    const value = Buffer.alloc(4000, 0x78);
    decoder.decode(Buffer.concat([unhex("400161"), unhex("7fa11e"), value]));
    expect(() => decoder.decode(Buffer.alloc(20, 0xbe))).toThrow(/too large/);
  });

  it("of an answer is read back as what it was", () => {
    const header = fc.tuple(
      fc.constantFrom(":status", "content-type", "grpc-status", "grpc-message", "x-long"),
      fc.string({ unit: "grapheme-ascii", maxLength: 300 }),
    );
    fc.assert(
      fc.property(fc.array(header), (headers) => {
        expect(new HpackDecoder().decode(encodeHeaders(headers))).toEqual(headers);
      }),
      { numRuns: FUZZ_CASES / 5 },
    );
  });

  it("that is garbage is refused, and nothing else happens", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), (blocks) => {
        const decoder = new HpackDecoder();
        try {
          for (const block of blocks) decoder.decode(block);
        } catch (error) {
          if (!(error instanceof ConnectionError)) throw error;
        }
      }),
      { numRuns: FUZZ_CASES },
    );
  });
});
