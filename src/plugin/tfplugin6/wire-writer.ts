import { ProtocolError } from "./protocol-error.js";

/**
 * Writes protobuf's wire format from the last byte to the first. A length goes before what it
 * measures, so writing backwards knows it without a pass of its own and copies every byte once.
 */
export class WireWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #at = 1024;

  /** Bytes written so far. */
  get length(): number {
    return this.#buffer.length - this.#at;
  }

  /** What was written, with `headroom` bytes of zero before it. */
  finish(headroom: number): Uint8Array {
    this.#reserve(headroom);
    this.#at -= headroom;
    this.#buffer.fill(0, this.#at, this.#at + headroom);
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset + this.#at, this.length);
  }

  tag(number: number, wireType: number): void {
    this.#unsigned(number * 8 + wireType);
  }

  bool(value: boolean): void {
    this.#unsigned(value ? 1 : 0);
  }

  int32(value: number): void {
    if (value !== (value | 0)) throw new ProtocolError("a number is no int32");
    this.int64(value);
  }

  uint32(value: number): void {
    if (value !== value >>> 0) throw new ProtocolError("a number is no uint32");
    this.#unsigned(value);
  }

  int64(value: number): void {
    if (!Number.isSafeInteger(value)) throw new ProtocolError("a number is no safe integer");
    if (value >= 0) {
      this.#unsigned(value);
      return;
    }
    // Two's complement in ten bytes: seven hold 49 bits, three the 15 above them.
    const high = Math.floor(value / 2 ** 49);
    const low = value - high * 2 ** 49;
    this.#reserve(10);
    this.#at -= 10;
    for (let index = 0, rest = low; index < 7; index++, rest = Math.floor(rest / 128)) {
      this.#buffer[this.#at + index] = (rest % 128) | 0x80;
    }
    this.#buffer[this.#at + 7] = (high & 0x7f) | 0x80;
    this.#buffer[this.#at + 8] = ((high >> 7) & 0x7f) | 0x80;
    this.#buffer[this.#at + 9] = 1;
  }

  /** A lone surrogate becomes U+FFFD: a protobuf string is valid UTF-8. */
  string(value: string): void {
    const length = Buffer.byteLength(value, "utf8");
    this.#reserve(length);
    this.#at -= length;
    this.#buffer.write(value, this.#at, length, "utf8");
    this.#unsigned(length);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.byteLength);
    this.#at -= value.byteLength;
    this.#buffer.set(value, this.#at);
    this.#unsigned(value.byteLength);
  }

  /** Puts the length of all that was written since `mark` (a former {@link length}) before it. */
  lengthSince(mark: number): void {
    this.#unsigned(this.length - mark);
  }

  #unsigned(value: number): void {
    this.#reserve(10);
    let bytes = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
    this.#at -= bytes;
    let rest = value;
    for (let at = this.#at; at < this.#at + bytes - 1; at++) {
      this.#buffer[at] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at + bytes - 1] = rest;
  }

  #reserve(length: number): void {
    if (length <= this.#at) return;
    const used = this.length;
    // Room for the lengths and tags that follow a large field, too.
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, used + length + 256));
    this.#buffer.copy(grown, grown.length - used, this.#at);
    this.#at = grown.length - used;
    this.#buffer = grown;
  }
}
