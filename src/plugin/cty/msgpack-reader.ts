import { isUtf8 } from "node:buffer";
import { CtyError } from "./error.js";
import { numberFromFloat, numberFromText } from "./number.js";
import type { CtyNumber } from "./value.js";

/**
 * A cursor over msgpack, https://github.com/msgpack/msgpack/blob/master/spec.md.
 *
 * A length is believed only when the bytes that are left can hold it, so nothing is allocated on
 * the word of a header alone.
 */
export class MsgpackReader {
  position = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.position === this.bytes.length;
  }

  /** The head byte of the next item. */
  peek(): number {
    const head = this.bytes[this.position];
    if (head === undefined) throw cutShort();
    return head;
  }

  expected(wanted: string): CtyError {
    return CtyError.expected(wanted, kindOfHead(this.peek()));
  }

  readBool(): boolean {
    const head = this.peek();
    if (head !== 0xc2 && head !== 0xc3) throw this.expected("a bool");
    this.position += 1;
    return head === 0xc3;
  }

  readArrayLength(wanted: string): number {
    const head = this.peek();
    if (head >= 0x90 && head <= 0x9f) return this.contained(this.fixed(head & 0x0f), 1);
    if (head === 0xdc || head === 0xdd) return this.contained(this.length(head - 0xdc + 1), 1);
    throw this.expected(wanted);
  }

  readMapLength(wanted: string): number {
    const head = this.peek();
    if (head >= 0x80 && head <= 0x8f) return this.contained(this.fixed(head & 0x0f), 2);
    if (head === 0xde || head === 0xdf) return this.contained(this.length(head - 0xde + 1), 2);
    throw this.expected(wanted);
  }

  readText(wanted: string): string {
    const length = this.textLength(wanted);
    const start = this.take(length);
    if (length <= 24) {
      // Short ASCII is most of what travels, and a call into native code costs more than this.
      let text = "";
      let index = start;
      for (; index < start + length; index++) {
        const byte = this.bytes[index] as number;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (index === start + length) return text;
    }
    const text = this.bytes.toString("utf8", start, start + length);
    if (text.includes("\ufffd") && !isUtf8(this.bytes.subarray(start, start + length))) {
      throw new CtyError("text in UTF-8 is required, but other bytes were found");
    }
    return text;
  }

  /** Passes over the next item where it is exactly this text. */
  skipText(utf8: Uint8Array): boolean {
    const { bytes, position } = this;
    const start = position + 1;
    if (utf8.length > 31 || bytes[position] !== (0xa0 | utf8.length)) return false;
    for (let index = 0; index < utf8.length; index++) {
      if (bytes[start + index] !== utf8[index]) return false;
    }
    this.position = start + utf8.length;
    return true;
  }

  /** Text holds a number too large or too precise for msgpack's own. */
  readNumber(): CtyNumber {
    const head = this.peek();
    if (head <= 0x7f || head >= 0xe0) {
      this.position += 1;
      return head <= 0x7f ? head : head - 0x100;
    }
    if (head < 0xca || head > 0xd3) {
      const error = this.expected("a number");
      const number = isTextHead(head) ? numberFromText(this.readText("a number")) : undefined;
      if (number === undefined) throw error;
      return number;
    }
    const start = this.take(1 + (NUMBER_SIZES[head - 0xca] as number)) + 1;
    const { bytes } = this;
    switch (head) {
      case 0xca:
        return finite(numberFromFloat(bytes.readFloatBE(start)));
      case 0xcb:
        return finite(numberFromFloat(bytes.readDoubleBE(start)));
      case 0xcc:
        return bytes.readUInt8(start);
      case 0xcd:
        return bytes.readUInt16BE(start);
      case 0xce:
        return bytes.readUInt32BE(start);
      case 0xcf:
        return narrow(bytes.readBigUInt64BE(start));
      case 0xd0:
        return bytes.readInt8(start);
      case 0xd1:
        return bytes.readInt16BE(start);
      case 0xd2:
        return bytes.readInt32BE(start);
      default:
        return narrow(bytes.readBigInt64BE(start));
    }
  }

  readExtension(): { type: number; body: Uint8Array } {
    const head = this.peek();
    if (!isExtensionHead(head)) throw this.expected("an extension");
    const length = head >= 0xd4 ? this.fixed(1 << (head - 0xd4)) : this.length(head - 0xc7);
    const start = this.take(1 + length);
    return {
      type: this.bytes.readInt8(start),
      body: this.bytes.subarray(start + 1, start + 1 + length),
    };
  }

  /** Passes over the next item, whatever it is, without recursion. */
  skip(): void {
    for (let pending = 1; pending > 0; pending--) {
      const head = this.peek();
      if ((head >= 0x80 && head <= 0x8f) || head === 0xde || head === 0xdf) {
        pending += 2 * this.readMapLength("a map");
      } else if ((head >= 0x90 && head <= 0x9f) || head === 0xdc || head === 0xdd) {
        pending += this.readArrayLength("an array");
      } else if (isTextHead(head)) {
        this.take(this.textLength("text"));
      } else if (isExtensionHead(head)) {
        this.readExtension();
      } else {
        const size = head >= 0xca && head <= 0xd3 ? (NUMBER_SIZES[head - 0xca] as number) : 0;
        this.take(1 + size);
      }
    }
  }

  /** Strings and, since Go's decoder takes one for the other, binaries. */
  private textLength(wanted: string): number {
    const head = this.peek();
    if (head >= 0xa0 && head <= 0xbf) return this.fixed(head & 0x1f);
    if (head >= 0xd9 && head <= 0xdb) return this.length(head - 0xd9);
    if (head >= 0xc4 && head <= 0xc6) return this.length(head - 0xc4);
    throw this.expected(wanted);
  }

  /** Passes over a head byte that holds the length itself. */
  private fixed(length: number): number {
    this.position += 1;
    return length;
  }

  /** Passes over a head byte and the length of 1, 2 or 4 bytes that follows it. */
  private length(log2OfSize: number): number {
    const size = 1 << log2OfSize;
    return this.bytes.readUIntBE(this.take(1 + size) + 1, size);
  }

  private contained(length: number, bytesEach: number): number {
    if (length * bytesEach > this.bytes.length - this.position) throw cutShort();
    return length;
  }

  private take(size: number): number {
    const start = this.position;
    if (size > this.bytes.length - start) throw cutShort();
    this.position = start + size;
    return start;
  }
}

/** Payload sizes of heads 0xca (float 32) to 0xd3 (int 64). */
const NUMBER_SIZES = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];

export const isExtensionHead = (head: number): boolean =>
  (head >= 0xd4 && head <= 0xd8) || (head >= 0xc7 && head <= 0xc9);

const isTextHead = (head: number): boolean =>
  (head >= 0xa0 && head <= 0xbf) ||
  (head >= 0xd9 && head <= 0xdb) ||
  (head >= 0xc4 && head <= 0xc6);

const cutShort = (): CtyError => new CtyError("the bytes end before the value does");

const narrow = (integer: bigint): CtyNumber =>
  BigInt.asIntN(54, integer) === integer ? Number(integer) : integer;

function finite(number: CtyNumber | undefined): CtyNumber {
  if (number === undefined) throw CtyError.expected("a number", "NaN");
  return number;
}

function kindOfHead(head: number): string {
  if (head <= 0x7f || head >= 0xe0 || (head >= 0xca && head <= 0xd3)) return "a number";
  if (isTextHead(head)) return "a string";
  if (isExtensionHead(head)) return "an unknown value";
  if ((head >= 0x80 && head <= 0x8f) || head >= 0xde) return "a map";
  if ((head >= 0x90 && head <= 0x9f) || head >= 0xdc) return "an array";
  if (head === 0xc0) return "null";
  return head === 0xc1 ? "a byte that msgpack does not use" : "a bool";
}
