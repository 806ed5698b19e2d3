import { isUtf8 } from "node:buffer";
import { CtyError } from "./error.js";

/** One item, or the head of one that has parts. */
export type Item =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "array" | "map"; readonly length: number }
  | { readonly kind: "extension"; readonly type: number; readonly length: number };

/**
 * A cursor over msgpack, https://github.com/msgpack/msgpack/blob/master/spec.md.
 *
 * A length is believed only if the bytes that are left can hold it, so nothing is allocated on the
 * word of a header alone.
 */
export class MsgpackReader {
  private position = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.position === this.bytes.length;
  }

  next(): Item {
    const head = this.unsigned(1);
    if (head <= 0x7f) return { kind: "number", value: head };
    if (head <= 0x8f) return this.map(head & 0x0f);
    if (head <= 0x9f) return this.array(head & 0x0f);
    if (head <= 0xbf) return this.text(head & 0x1f);
    if (head >= 0xe0) return { kind: "number", value: head - 0x100 };
    switch (head) {
      case 0xc0:
        return { kind: "null" };
      case 0xc2:
      case 0xc3:
        return { kind: "bool", value: head === 0xc3 };
      // Binaries and strings: Go's decoder takes one for the other.
      case 0xc4:
      case 0xd9:
        return this.text(this.unsigned(1));
      case 0xc5:
      case 0xda:
        return this.text(this.unsigned(2));
      case 0xc6:
      case 0xdb:
        return this.text(this.unsigned(4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(this.unsigned(1 << (head - 0xc7)));
      case 0xca:
        return { kind: "number", value: this.bytes.readFloatBE(this.take(4)) };
      case 0xcb:
        return { kind: "number", value: this.bytes.readDoubleBE(this.take(8)) };
      case 0xcc:
      case 0xcd:
      case 0xce:
        return { kind: "number", value: this.unsigned(1 << (head - 0xcc)) };
      case 0xcf:
        return { kind: "number", value: Number(this.bytes.readBigUInt64BE(this.take(8))) };
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const size = 1 << (head - 0xd0);
        return { kind: "number", value: this.bytes.readIntBE(this.take(size), size) };
      }
      case 0xd3:
        return { kind: "number", value: Number(this.bytes.readBigInt64BE(this.take(8))) };
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.extension(1 << (head - 0xd4));
      case 0xdc:
      case 0xdd:
        return this.array(this.unsigned(2 << (head - 0xdc)));
      case 0xde:
      case 0xdf:
        return this.map(this.unsigned(2 << (head - 0xde)));
      default:
        throw new CtyError("the bytes hold one that msgpack does not use");
    }
  }

  private text(length: number): Item {
    const start = this.take(length);
    const utf8 = this.bytes.subarray(start, start + length);
    if (!isUtf8(utf8)) {
      throw new CtyError("text in UTF-8 is required, but other bytes were found");
    }
    return { kind: "string", value: utf8.toString("utf8") };
  }

  private extension(length: number): Item {
    const start = this.take(1 + length);
    return { kind: "extension", type: this.bytes.readInt8(start), length };
  }

  private array(length: number): Item {
    this.requireLeft(length);
    return { kind: "array", length };
  }

  private map(length: number): Item {
    this.requireLeft(2 * length);
    return { kind: "map", length };
  }

  private unsigned(size: number): number {
    return this.bytes.readUIntBE(this.take(size), size);
  }

  /** Passes over bytes and says where they start. */
  private take(size: number): number {
    this.requireLeft(size);
    this.position += size;
    return this.position - size;
  }

  private requireLeft(size: number): void {
    if (size > this.bytes.length - this.position) {
      throw new CtyError("the bytes end before the value does");
    }
  }
}
