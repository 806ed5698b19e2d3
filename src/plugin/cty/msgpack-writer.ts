import { CtyError } from "./error.js";

/** Appends msgpack items to a buffer that grows. Each takes the shortest form that holds it. */
export class MsgpackWriter {
  private bytes = Buffer.allocUnsafe(1024);
  private length = 0;

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  null(): void {
    this.unsigned(0xc0, 1);
  }

  bool(value: boolean): void {
    this.unsigned(value ? 0xc3 : 0xc2, 1);
  }

  /** An unknown value without refinements: extension 0, with the one byte that go-cty gives it. */
  unknown(): void {
    this.unsigned(0xd40000, 3);
  }

  /** @param value a safe integer. */
  integer(value: number): void {
    if (value >= 0) {
      if (value <= 0x7f) this.unsigned(value, 1);
      else if (value <= 0xff) this.headed(0xcc, value, 1);
      else if (value <= 0xffff) this.headed(0xcd, value, 2);
      else if (value <= 0xffffffff) this.headed(0xce, value, 4);
      else this.int64(0xcf, value);
    } else if (value >= -0x20) this.unsigned(value + 0x100, 1);
    else if (value >= -0x80) this.headed(0xd0, value + 0x100, 1);
    else if (value >= -0x8000) this.headed(0xd1, value + 0x10000, 2);
    else if (value >= -0x80000000) this.headed(0xd2, value + 0x100000000, 4);
    else this.int64(0xd3, value);
  }

  text(value: string): void {
    // Half a surrogate pair has no UTF-8: it would arrive changed.
    if (/\p{Surrogate}/u.test(value)) {
      throw CtyError.expected("Unicode text", "half a surrogate pair");
    }
    const size = Buffer.byteLength(value);
    if (size <= 31) this.unsigned(0xa0 | size, 1);
    else if (size <= 0xff) this.headed(0xd9, size, 1);
    else if (size <= 0xffff) this.headed(0xda, size, 2);
    else this.headed(0xdb, size, 4);
    const start = this.reserve(size);
    this.bytes.write(value, start, size);
  }

  arrayHead(length: number): void {
    this.collectionHead(0x90, 0xdc, length);
  }

  mapHead(length: number): void {
    this.collectionHead(0x80, 0xde, length);
  }

  private collectionHead(fixed: number, head16: number, length: number): void {
    if (length <= 15) this.unsigned(fixed | length, 1);
    else if (length <= 0xffff) this.headed(head16, length, 2);
    else this.headed(head16 + 1, length, 4);
  }

  private int64(head: number, value: number): void {
    this.unsigned(head, 1);
    const start = this.reserve(8);
    this.bytes.writeBigInt64BE(BigInt(value), start);
  }

  private headed(head: number, value: number, size: number): void {
    this.unsigned(head, 1);
    this.unsigned(value, size);
  }

  private unsigned(value: number, size: number): void {
    const start = this.reserve(size);
    this.bytes.writeUIntBE(value, start, size);
  }

  /** Makes room and says where it starts. */
  private reserve(size: number): number {
    const start = this.length;
    this.length += size;
    if (this.length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * this.length);
      this.bytes.copy(larger, 0, 0, start);
      this.bytes = larger;
    }
    return start;
  }
}
