import * as fc from "fast-check";
import { encodeMessage, GrpcError } from "../../../../src/plugin/grpc/status.js";
import { parseTimeout } from "../../../../src/plugin/grpc/timeout.js";

it("grpc-message is printable, and decodes to what it was", () => {
  expect(encodeMessage("100 % é\x7f~")).toBe("100 %25 %C3%A9%7F~");
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 20 }), (message) => {
      const encoded = encodeMessage(message);
      return /^[ -~]*$/.test(encoded) && decodeURIComponent(encoded) === message;
    }),
  );
});

describe("grpc-timeout", () => {
  it.each([
    [undefined, undefined],
    ["1H", 3_600_000],
    ["2M", 120_000],
    ["3S", 3000],
    ["40m", 40],
    ["1500u", 2],
    ["1n", 1],
    ["0S", 0],
    ["596H", 2_145_600_000],
    ["597H", undefined],
    ["99999999H", undefined],
  ])("%s is %s milliseconds", (header, milliseconds) => {
    expect(parseTimeout(header)).toBe(milliseconds);
  });

  it.each(["", "1", "S", "-1S", "1.5S", "1s", "123456789S", "1S ", "1 S", "1SS"])(
    "%j is refused",
    (header) => {
      expect(() => parseTimeout(header)).toThrow(GrpcError);
    },
  );
});
