import { CtyError, NumberError } from "./error.js";

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A float64 has at most some 330 characters without an exponent. */
const MAX_LENGTH = 400;

/**
 * The number that a decimal text says.
 *
 * @throws {NumberError} if JavaScript's number nearest to it has other digits.
 */
export function numberFromText(text: string): number {
  if (text.length > MAX_LENGTH) throw new NumberError();
  if (!NUMBER.test(text)) throw CtyError.expected("a number", "another string");
  const number = exactNumber(Number(text));
  if (digitsOf(String(number)) !== digitsOf(text)) throw new NumberError();
  return number;
}

/**
 * The number itself, and zero for minus zero.
 *
 * @throws {NumberError} if it is an integer so large that its neighbours are taken for it.
 */
export function exactNumber(number: number): number {
  if (Number.isNaN(number)) throw CtyError.expected("a number", "NaN");
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) {
    throw new NumberError();
  }
  return number === 0 ? 0 : number;
}

/** The digits of a text from the first to the last that is not zero. */
const digitsOf = (text: string): string =>
  text
    .replace(/e.*/i, "")
    .replace(/[-+.]/g, "")
    .replace(/^0+|(?<!0)0+$/g, "");
