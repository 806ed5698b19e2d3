import { isUtf8 } from "node:buffer";
import { ProtocolError } from "./protocol-error.js";

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_FIXED32 = 5;

const TWO_49 = 2 ** 49;

/**
 * Reads protobuf's wire format from a span of bytes. Every method throws {@link ProtocolError} where
 * the bytes end too early or break the format; none allocates more than the bytes that are there.
 */
export class WireReader {
  readonly #bytes: Buffer;
  #at: number;
  #end: number;
  // The last varint, as 49 low and 15 high bits: a number holds both exactly.
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    this.#end = bytes.byteLength;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** A field's number and wire type, as `number * 8 + type`. */
  tag(): number {
    this.#varint();
    const tag = this.#low;
    if (this.#high !== 0 || tag > 0xffff_ffff)
      throw new ProtocolError("a field number is too large");
    if (tag < 8) throw new ProtocolError("a field has the number 0");
    return tag;
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** As parsers do, the bits above 32 are dropped. */
  int32(): number {
    this.#varint();
    return (this.#low % 2 ** 32) | 0;
  }

  uint32(): number {
    this.#varint();
    return this.#low % 2 ** 32;
  }

  int64(): number {
    this.#varint();
    // Two's complement: bit 63 is bit 14 of the high part.
    const high = this.#high >= 0x4000 ? this.#high - 0x8000 : this.#high;
    const value = high * TWO_49 + this.#low;
    if (!Number.isSafeInteger(value)) throw new ProtocolError("an int64 is out of range");
    return value;
  }

  string(): string {
    const end = this.#spanEnd();
    const { buffer, byteOffset } = this.#bytes;
    if (!isUtf8(new Uint8Array(buffer, byteOffset + this.#at, end - this.#at))) {
      throw new ProtocolError("a string is not valid UTF-8");
    }
    const value = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end;
    return value;
  }

  /** A view of the bytes that were given: it lives as long as they do. */
  bytes(): Uint8Array {
    const end = this.#spanEnd();
    const { buffer, byteOffset } = this.#bytes;
    const value = new Uint8Array(buffer, byteOffset + this.#at, end - this.#at);
    this.#at = end;
    return value;
  }

  /** Reads a length-delimited span with `read`, which must use it up. */
  span<T>(read: () => T): T {
    const outer = this.#end;
    this.#end = this.#spanEnd();
    const value = read();
    this.#end = outer;
    return value;
  }

  skip(wireType: number): void {
    if (wireType === WIRE_VARINT) this.#varint();
    else if (wireType === WIRE_FIXED64) this.#advance(8);
    else if (wireType === WIRE_BYTES) this.#at = this.#spanEnd();
    else if (wireType === WIRE_FIXED32) this.#advance(4);
    // Groups (3 and 4) have no place in proto3; 6 and 7 do not exist.
    else throw new ProtocolError(`wire type ${wireType} is not supported`);
  }

  #advance(length: number): void {
    if (length > this.#end - this.#at) throw new ProtocolError("a field is cut short");
    this.#at += length;
  }

  #spanEnd(): number {
    this.#varint();
    if (this.#high !== 0 || this.#low > this.#end - this.#at) {
      throw new ProtocolError("a length reaches beyond the message");
    }
    return this.#at + this.#low;
  }

  #varint(): void {
    const bytes = this.#bytes;
    let low = 0;
    let high = 0;
    let scale = 1;
    for (let index = 0; index < 10; index++) {
      if (this.#at >= this.#end) throw new ProtocolError("a varint is cut short");
      const byte = bytes[this.#at++] as number;
      const bits = byte & 0x7f;
      if (index < 7) low += bits * scale;
      else high += bits << (7 * (index - 7));
      if (byte < 0x80) {
        // The tenth byte holds the 64th bit alone.
        if (high > 0x7fff) break;
        this.#low = low;
        this.#high = high;
        return;
      }
      scale *= 128;
    }
    throw new ProtocolError("a varint is longer than 64 bits");
  }
}
