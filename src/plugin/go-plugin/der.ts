/** The few parts of ASN.1's distinguished encoding rules (X.690) that a certificate needs. */
const TAG = { boolean: 1, integer: 2, bitString: 3, octetString: 4, oid: 6, utf8: 12, time: 24 };

export const sequence = (...parts: readonly Buffer[]): Buffer => encode(0x30, ...parts);
export const setOf = (part: Buffer): Buffer => encode(0x31, part);
export const bool = (value: boolean): Buffer => encode(TAG.boolean, Buffer.of(value ? 0xff : 0));
export const octets = (content: Buffer): Buffer => encode(TAG.octetString, content);
export const utf8 = (text: string): Buffer => encode(TAG.utf8, Buffer.from(text));

/** A positive integer from its bytes, the highest first. */
export const integer = (magnitude: Buffer): Buffer => {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  // A leading bit would make it negative.
  const sign = (digits[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0);
  return encode(TAG.integer, sign, digits);
};

/** @param unused how many of the last bits do not count */
export const bits = (content: Buffer, unused = 0): Buffer =>
  encode(TAG.bitString, Buffer.of(unused), content);

export const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return encode(TAG.oid, ...[first * 40 + second, ...rest].map(base128));
};

/** GeneralizedTime, in seconds. */
export const time = (date: Date): Buffer =>
  encode(TAG.time, Buffer.from(`${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z`));

/** A part that its number names, as `[number]` in ASN.1: around whole parts, or in place of a tag. */
export const explicit = (number: number, part: Buffer): Buffer => encode(0xa0 + number, part);
export const implicit = (number: number, content: Buffer): Buffer => encode(0x80 + number, content);

const encode = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), length(content.length), content]);
};

const length = (value: number): Buffer => {
  if (value < 0x80) return Buffer.of(value);
  if (value < 0x100) return Buffer.of(0x81, value);
  return Buffer.of(0x82, value >> 8, value & 0xff);
};

const base128 = (value: number): Buffer => {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return Buffer.from(digits);
};
