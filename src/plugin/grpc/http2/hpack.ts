import { ConnectionError, ErrorCode } from "./http2-error.js";
import { decodeHuffman } from "./huffman.js";

export type Header = readonly [name: string, value: string];

/** RFC 7541, appendix A. */
// prettier-ignore
const STATIC_TABLE: readonly Header[] = [
  [":authority", ""], [":method", "GET"], [":method", "POST"], [":path", "/"],
  [":path", "/index.html"], [":scheme", "http"], [":scheme", "https"], [":status", "200"],
  [":status", "204"], [":status", "206"], [":status", "304"], [":status", "400"],
  [":status", "404"], [":status", "500"], ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"], ["accept-language", ""], ["accept-ranges", ""],
  ["accept", ""], ["access-control-allow-origin", ""], ["age", ""], ["allow", ""],
  ["authorization", ""], ["cache-control", ""], ["content-disposition", ""],
  ["content-encoding", ""], ["content-language", ""], ["content-length", ""],
  ["content-location", ""], ["content-range", ""], ["content-type", ""], ["cookie", ""],
  ["date", ""], ["etag", ""], ["expect", ""], ["expires", ""], ["from", ""], ["host", ""],
  ["if-match", ""], ["if-modified-since", ""], ["if-none-match", ""], ["if-range", ""],
  ["if-unmodified-since", ""], ["last-modified", ""], ["link", ""], ["location", ""],
  ["max-forwards", ""], ["proxy-authenticate", ""], ["proxy-authorization", ""], ["range", ""],
  ["referer", ""], ["refresh", ""], ["retry-after", ""], ["server", ""], ["set-cookie", ""],
  ["strict-transport-security", ""], ["transfer-encoding", ""], ["user-agent", ""],
  ["vary", ""], ["via", ""], ["www-authenticate", ""],
];

/** What a peer may fill the dynamic table with: HTTP/2's own default, which this server keeps. */
const TABLE_SIZE = 4096;
/** What an entry counts beside its bytes (RFC 7541, 4.1). */
const ENTRY_OVERHEAD = 32;
/** The bytes of all headers of one request, counted as entries are. */
export const MAX_HEADER_LIST_SIZE = 64 * 1024;

/** Reads header blocks (RFC 7541). One for each connection: it remembers what the peer has sent. */
export class HpackDecoder {
  /** The newest entry last. */
  readonly #entries: Header[] = [];
  #size = 0;
  #maxSize = TABLE_SIZE;

  /** @throws ConnectionError for bytes that are no header block, or for too many headers */
  decode(block: Uint8Array): Header[] {
    const reader = new BlockReader(block);
    const headers: Header[] = [];
    let size = 0;
    while (!reader.done) {
      const first = reader.peek();
      if (first >= 0x20 && first < 0x40) {
        if (headers.length > 0) throw malformed("changes its table after a header");
        this.#resize(reader.integer(5));
        continue;
      }
      const header = this.#header(reader, first);
      size += sizeOf(header);
      if (size > MAX_HEADER_LIST_SIZE) {
        throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "the headers are too large");
      }
      headers.push(header);
    }
    return headers;
  }

  #header(reader: BlockReader, first: number): Header {
    if (first >= 0x80) return this.#at(reader.integer(7));
    const indexed = first >= 0x40;
    const index = reader.integer(indexed ? 6 : 4);
    const name = index === 0 ? reader.string() : this.#at(index)[0];
    const header = [name, reader.string()] as const;
    if (indexed) this.#add(header);
    return header;
  }

  #at(index: number): Header {
    const header =
      index <= STATIC_TABLE.length
        ? STATIC_TABLE[index - 1]
        : this.#entries[this.#entries.length - (index - STATIC_TABLE.length)];
    if (header === undefined) throw malformed("names an entry that is not there");
    return header;
  }

  #add(header: Header): void {
    this.#entries.push(header);
    this.#size += sizeOf(header);
    this.#evict();
  }

  #resize(maxSize: number): void {
    if (maxSize > TABLE_SIZE) throw malformed("asks for a larger table than is offered");
    this.#maxSize = maxSize;
    this.#evict();
  }

  #evict(): void {
    let oldest = 0;
    while (this.#size > this.#maxSize) this.#size -= sizeOf(this.#entries[oldest++] as Header);
    if (oldest > 0) this.#entries.splice(0, oldest);
  }
}

const sizeOf = ([name, value]: Header): number => name.length + value.length + ENTRY_OVERHEAD;

const malformed = (what: string): ConnectionError =>
  new ConnectionError(ErrorCode.COMPRESSION_ERROR, `a header block ${what}`);

const latin1 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString("latin1");

class BlockReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  peek(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw malformed("ends too early");
    return byte;
  }

  /** An integer whose first part is the last `prefix` bits of the next byte (RFC 7541, 5.1). */
  integer(prefix: number): number {
    const full = 2 ** prefix - 1;
    let value = this.#byte() & full;
    if (value < full) return value;
    for (let factor = 1; ; factor *= 128) {
      // Four more bytes hold any number that a header block can mean.
      if (factor > 128 ** 3) throw malformed("has a number that is too large");
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  string(): string {
    const huffman = this.peek() >= 0x80;
    const length = this.integer(7);
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    if (bytes.length < length) throw malformed("ends within a string");
    this.#at += length;
    return huffman ? decodeHuffman(bytes) : latin1(bytes);
  }

  #byte(): number {
    const byte = this.peek();
    this.#at++;
    return byte;
  }
}

/**
 * A header block that leaves the peer's table as it is. The few headers of a gRPC answer gain
 * nothing from being remembered.
 */
export const encodeHeaders = (headers: readonly Header[]): Buffer =>
  Buffer.concat(headers.map(encodeHeader));

const encodeHeader = ([name, value]: Header): Buffer => {
  const whole = STATIC_TABLE.findIndex(([n, v]) => n === name && v === value) + 1;
  if (whole > 0) return encodeInteger(0x80, 7, whole);
  const index = STATIC_TABLE.findIndex(([n]) => n === name) + 1;
  return Buffer.concat([
    encodeInteger(0, 4, index),
    ...(index === 0 ? [encodeString(name)] : []),
    encodeString(value),
  ]);
};

const encodeString = (text: string): Buffer =>
  Buffer.concat([encodeInteger(0, 7, text.length), Buffer.from(text, "latin1")]);

const encodeInteger = (flags: number, prefix: number, value: number): Buffer => {
  const full = 2 ** prefix - 1;
  if (value < full) return Buffer.of(flags | value);
  const bytes = [flags | full];
  let rest = value - full;
  for (; rest >= 128; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
};
