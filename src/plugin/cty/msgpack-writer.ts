import { CtyError } from "./error.js";
import { isWellFormed } from "./shape.js";

/** Appends msgpack items to a buffer that grows. */
export class MsgpackWriter {
  private bytes = Buffer.allocUnsafe(1024);
  private length = 0;

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  nil(): void {
    this.byte(0xc0);
  }

  bool(value: boolean): void {
    this.byte(value ? 0xc3 : 0xc2);
  }

  /** @param value a safe integer. */
  integer(value: number): void {
    if (value >= -0x20 && value <= 0x7f) this.byte(value & 0xff);
    else if (value >= 0) this.unsigned(value);
    else this.signed(value);
  }

  int64(value: bigint): void {
    const start = this.reserve(9);
    this.bytes[start] = value < 0n ? 0xd3 : 0xcf;
    this.bytes.writeBigUInt64BE(BigInt.asUintN(64, value), start + 1);
  }

  float64(value: number): void {
    const start = this.reserve(9);
    this.bytes[start] = 0xcb;
    this.bytes.writeDoubleBE(value, start + 1);
  }

  text(value: string): void {
    const units = value.length;
    if (units <= 31) {
      // Short ASCII is most of what travels, and a call into native code costs more than this.
      const start = this.reserve(1 + units);
      const { bytes } = this;
      bytes[start] = 0xa0 | units;
      let index = 0;
      for (; index < units; index++) {
        const unit = value.charCodeAt(index);
        if (unit >= 0x80) break;
        bytes[start + 1 + index] = unit;
      }
      if (index === units) return;
      this.length = start;
    }
    const size = Buffer.byteLength(value);
    if (size !== units && !isWellFormed(value)) {
      throw CtyError.expected("Unicode text", "half a surrogate pair");
    }
    this.head(size, 0xa0, 31, 0xd9);
    const start = this.reserve(size);
    this.bytes.write(value, start);
  }

  /** Text whose UTF-8 is already there, at most 31 bytes of it or any number. */
  utf8(bytes: Uint8Array): void {
    this.head(bytes.length, 0xa0, 31, 0xd9);
    this.raw(bytes);
  }

  binary(bytes: Uint8Array): void {
    this.head(bytes.length, 0, -1, 0xc4);
    this.raw(bytes);
  }

  arrayHead(length: number): void {
    this.head(length, 0x90, 15, 0xdb);
  }

  mapHead(length: number): void {
    this.head(length, 0x80, 15, 0xdd);
  }

  extension(type: number, body: Uint8Array): void {
    const size = body.length;
    if (size === 1 || size === 2 || size === 4 || size === 8 || size === 16) {
      this.byte(0xd4 + Math.log2(size));
    } else {
      this.head(size, 0, -1, 0xc7);
    }
    this.byte(type);
    this.raw(body);
  }

  /**
   * A head byte with its length, in the head itself up to `fixMax`, else in 1, 2 or 4 bytes after
   * `head8`, `head8 + 1`, `head8 + 2`. Arrays and maps have no form of 1 byte.
   */
  private head(length: number, fix: number, fixMax: number, head8: number): void {
    if (length <= fixMax) {
      this.byte(fix | length);
    } else if (length <= 0xff && fixMax !== 15) {
      this.sized(head8, length, 1);
    } else if (length <= 0xffff) {
      this.sized(head8 + 1, length, 2);
    } else {
      this.sized(head8 + 2, length, 4);
    }
  }

  private unsigned(value: number): void {
    if (value <= 0xff) this.sized(0xcc, value, 1);
    else if (value <= 0xffff) this.sized(0xcd, value, 2);
    else if (value <= 0xffffffff) this.sized(0xce, value, 4);
    else this.int64(BigInt(value));
  }

  private signed(value: number): void {
    if (value >= -0x80) this.sized(0xd0, value + 0x100, 1);
    else if (value >= -0x8000) this.sized(0xd1, value + 0x10000, 2);
    else if (value >= -0x80000000) this.sized(0xd2, value + 0x100000000, 4);
    else this.int64(BigInt(value));
  }

  private sized(head: number, value: number, size: number): void {
    const start = this.reserve(1 + size);
    this.bytes[start] = head;
    this.bytes.writeUIntBE(value, start + 1, size);
  }

  private byte(value: number): void {
    const start = this.reserve(1);
    this.bytes[start] = value;
  }

  private raw(source: Uint8Array): void {
    const start = this.reserve(source.length);
    for (let index = 0; index < source.length; index++) {
      this.bytes[start + index] = source[index] as number;
    }
  }

  private reserve(size: number): number {
    const start = this.length;
    this.length += size;
    if (this.length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length, 2 * this.bytes.length));
      this.bytes.copy(larger, 0, 0, start);
      this.bytes = larger;
    }
    return start;
  }
}
