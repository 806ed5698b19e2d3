/**
 * Numbers without loss.
 *
 * cty computes with big floats. It calls two integers equal where they are exactly equal, and two
 * fractions where their shortest decimals are the same text: 0.1 as a float64 equals the `0.1` of a
 * config, which has 512 bits. So a `number` stands here for what cty makes of that float64, exactly
 * the integer or the shortest decimal; what it cannot say is a `bigint` or a {@link Decimal}.
 */
import { CtyError } from "./error.js";
import { Decimal, type CtyNumber } from "./value.js";

/** `digits` × 10^`exponent`; no zero at either end of `digits`, which is empty for zero. */
interface Parts {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Beyond this a text is written with an exponent, so that `1e999999` stays eight bytes. */
const MAX_PLAIN_DIGITS = 400;

/** cty's big floats end at 2^(2^31), about 10^646,456,993. */
const MAX_EXPONENT = 600_000_000;

/** The number that a decimal text says, or `undefined` where it says none. */
export function numberFromText(text: string): CtyNumber | undefined {
  const parts = parse(text);
  return parts && numberFromParts(parts);
}

/** What cty makes of a float64. Infinities are numbers; NaN is `undefined`. */
export function numberFromFloat(float: number): CtyNumber | undefined {
  if (Number.isNaN(float)) return undefined;
  if (Number.isInteger(float) && !Number.isSafeInteger(float)) return BigInt(float);
  if (isSubnormal(float)) return new Decimal(format(partsOfFloat(float)));
  return float === 0 ? 0 : float;
}

/**
 * The canonical decimal text: equal numbers have equal texts.
 *
 * @throws {CtyError} for NaN, an infinity, and a Decimal whose text is no number.
 */
export function numberToText(number: CtyNumber): string {
  const parts = parse(number instanceof Decimal ? number.text : textOf(number));
  if (!parts) throw new CtyError("a finite number is required");
  return format(parts);
}

/** An integer without an exponent, however large; zero without a sign. */
const textOf = (number: number | bigint): string =>
  String(typeof number === "number" && Number.isInteger(number) ? BigInt(number) : number);

/**
 * The float64 that is exactly the fraction of a canonical text, where cty would make the same of
 * both. Of a {@link Decimal} that is so only below the normal range: elsewhere its digits count.
 */
export function floatFromText(text: string, isFloat: boolean): number | undefined {
  const float = Number(text);
  if (!Number.isFinite(float) || !(isFloat || isSubnormal(float))) return undefined;
  return format(partsOfFloat(float)) === text ? float : undefined;
}

export function numbersEqual(a: CtyNumber, b: CtyNumber): boolean {
  if (a === b) return true;
  if (typeof a === typeof b && !(a instanceof Decimal)) return false;
  if (isInfinite(a) || isInfinite(b)) return false;
  return numberToText(a) === numberToText(b);
}

/** Float64s so small that they have fewer bits than 53, which cty's big floats do not lose. */
const isSubnormal = (float: number): boolean => float !== 0 && Math.abs(float) < 2 ** -1022;

export const isInfinite = (number: CtyNumber): boolean =>
  number === Infinity || number === -Infinity;

function numberFromParts(parts: Parts): CtyNumber | undefined {
  const size = parts.digits.length + parts.exponent;
  if (Math.abs(size) > MAX_EXPONENT) return undefined;
  const text = format(parts);
  if (parts.exponent >= 0 && size <= MAX_PLAIN_DIGITS) {
    const integer = Number(text);
    return Number.isSafeInteger(integer) ? integer : BigInt(text);
  }
  const number = Number(text);
  const exact = Number.isFinite(number) && !Number.isInteger(number) && !isSubnormal(number);
  return exact && numberToText(number) === text ? number : new Decimal(text);
}

function parse(text: string): Parts | undefined {
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  if (digits === "") return undefined;
  let start = 0;
  while (digits.charCodeAt(start) === 0x30) start += 1;
  let end = digits.length;
  while (end > start && digits.charCodeAt(end - 1) === 0x30) end -= 1;
  if (start === end) return { negative: false, digits: "", exponent: 0 };
  return {
    negative: sign === "-",
    digits: digits.slice(start, end),
    exponent: Number(exponent) - fraction.length + (digits.length - end),
  };
}

/** A finite float64 in full: every binary fraction ends as a decimal, since 2^-n = 5^n × 10^-n. */
function partsOfFloat(float: number): Parts {
  let mantissa = Math.abs(float);
  let halvings = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    halvings += 1;
  }
  const integer = BigInt(mantissa) * 5n ** BigInt(halvings);
  const sign = float < 0 ? "-" : "";
  return parse(`${sign}${String(integer)}e-${String(halvings)}`) as Parts;
}

function format({ negative, digits, exponent }: Parts): string {
  if (digits === "") return "0";
  const sign = negative ? "-" : "";
  const point = digits.length + exponent;
  if (Math.max(point, digits.length - point, digits.length) > MAX_PLAIN_DIGITS) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits.slice(0, 1)}${fraction}e${String(point - 1)}`;
  }
  if (exponent >= 0) return sign + digits + "0".repeat(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
