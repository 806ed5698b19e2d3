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

/**
 * Two numbers for each inner node, for bit 0 and bit 1: another node's index above 0, or a symbol,
 * as its complement, below.
 */
let tree: Int16Array | undefined;

/** @throws ConnectionError for what no encoder writes (RFC 7541, 5.2) */
export function decodeHuffman(bytes: Uint8Array): string {
  tree ??= buildTree();
  // A code has five bits at least.
  const decoded = Buffer.allocUnsafe(Math.floor((bytes.length * 8) / 5));
  let length = 0;
  let node = 0;
  let depth = 0;
  let onlyOnes = true;
  for (const byte of bytes) {
    for (let shift = 7; shift >= 0; shift--) {
      const bit = (byte >> shift) & 1;
      const next = tree[node * 2 + bit] as number;
      if (next >= 0) {
        node = next;
        depth++;
        onlyOnes &&= bit === 1;
        continue;
      }
      if (~next === END_OF_STRING) throw malformed("holds the end of a string");
      decoded[length++] = ~next;
      node = 0;
      depth = 0;
      onlyOnes = true;
    }
  }
  if (depth > 7 || !onlyOnes) throw malformed("has a wrong end");
  return decoded.toString("latin1", 0, length);
}

const malformed = (what: string): ConnectionError =>
  new ConnectionError(ErrorCode.COMPRESSION_ERROR, `a string in Huffman's code ${what}`);

const buildTree = (): Int16Array => {
  // As many inner nodes as there are symbols, less one.
  const nodes = new Int16Array(END_OF_STRING * 2);
  let used = 1;
  const add = (symbol: number, code: number, length: number): void => {
    let node = 0;
    for (let shift = length - 1; shift > 0; shift--) {
      const at = node * 2 + ((code >>> shift) & 1);
      nodes[at] ||= used++;
      node = nodes[at] as number;
    }
    nodes[node * 2 + (code & 1)] = ~symbol;
  };
  let code = 0;
  for (let length = 1; length <= END_OF_STRING_LENGTH; length++) {
    for (const [symbol, of] of LENGTHS.entries()) {
      if (of === length) add(symbol, code++, length);
    }
    if (length === END_OF_STRING_LENGTH) add(END_OF_STRING, code, length);
    code <<= 1;
  }
  return nodes;
};
