import { ConnectionError, ErrorCode } from "./http2-error.js";

/**
 * How many bits the code of each byte has (RFC 7541, appendix B). The code is canonical: the codes
 * follow from these lengths.
 */
// prettier-ignore
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
];
const END_OF_STRING = 256;
const END_OF_STRING_LENGTH = 30;

/** For each length of a code: the first code of it, and where its symbols stand in `symbols`. */
interface Lengths {
  readonly firstCode: readonly number[];
  readonly firstSymbol: readonly number[];
  readonly count: readonly number[];
  /** By length, then by number. */
  readonly symbols: readonly number[];
}

let lengths: Lengths | undefined;

/** @throws ConnectionError for what no encoder writes (RFC 7541, 5.2) */
export function decodeHuffman(bytes: Uint8Array): string {
  const { firstCode, firstSymbol, count, symbols } = (lengths ??= readLengths());
  // A code has five bits at least.
  const decoded = Buffer.allocUnsafe(Math.floor((bytes.length * 8) / 5));
  let size = 0;
  let code = 0;
  let length = 0;
  for (const byte of bytes) {
    for (let shift = 7; shift >= 0; shift--) {
      code = (code << 1) | ((byte >> shift) & 1);
      length++;
      const index = code - (firstCode[length] as number);
      if (index >= (count[length] as number)) continue;
      const symbol = symbols[(firstSymbol[length] as number) + index] as number;
      if (symbol === END_OF_STRING) throw malformed("holds the end of a string");
      decoded[size++] = symbol;
      code = 0;
      length = 0;
    }
  }
  if (length > 7 || code !== 2 ** length - 1) throw malformed("has a wrong end");
  return decoded.toString("latin1", 0, size);
}

const malformed = (what: string): ConnectionError =>
  new ConnectionError(ErrorCode.COMPRESSION_ERROR, `a string in Huffman's code ${what}`);

const readLengths = (): Lengths => {
  const byLength: number[][] = Array.from({ length: END_OF_STRING_LENGTH + 1 }, () => []);
  for (let symbol = 0; symbol < END_OF_STRING; symbol++) {
    byLength[LENGTHS[symbol] as number]?.push(symbol);
  }
  byLength[END_OF_STRING_LENGTH]?.push(END_OF_STRING);
  const firstCode: number[] = [];
  const firstSymbol: number[] = [];
  let code = 0;
  let before = 0;
  for (const symbols of byLength) {
    firstCode.push(code);
    firstSymbol.push(before);
    code = (code + symbols.length) << 1;
    before += symbols.length;
  }
  return {
    firstCode,
    firstSymbol,
    count: byLength.map((symbols) => symbols.length),
    symbols: byLength.flat(),
  };
};
