import { isUtf8 } from "node:buffer";
import { CtyError, MAX_DEPTH } from "./error.js";

/**
 * A cursor over JSON, RFC 8259.
 *
 * `JSON.parse` would round numbers beyond a float64, and its errors quote the text, which may hold
 * a secret; so it is asked for strings with escapes only.
 */
export class JsonReader {
  private position = 0;
  private readonly text: string;

  /** @throws {CtyError} where the bytes are not UTF-8. */
  constructor(bytes: Uint8Array) {
    if (!isUtf8(bytes)) throw new CtyError("JSON in UTF-8 is required, but other bytes were found");
    this.text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  }

  /** The first character of the next item, or `""` at the end. */
  peek(): string {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
      this.position += 1;
    }
    return text.charAt(this.position);
  }

  expected(wanted: string): CtyError {
    return CtyError.expected(wanted, kindOfStart(this.peek()));
  }

  /** Passes over a character where it is the next item. */
  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.position += 1;
    return true;
  }

  /** Passes over `null`, `true` or `false` where it is the next item. */
  takeWord(word: string): boolean {
    this.peek();
    if (!this.text.startsWith(word, this.position)) return false;
    this.position += word.length;
    return true;
  }

  readString(wanted: string): string {
    if (this.peek() !== '"') throw this.expected(wanted);
    const { text } = this;
    const start = this.position;
    let escaped = false;
    let end = start + 1;
    for (; ; end++) {
      const code = text.charCodeAt(end);
      if (code === 0x22) break;
      if (code === 0x5c) {
        escaped = true;
        end += 1;
      } else if (!(code >= 0x20)) {
        throw new CtyError("a JSON string does not end or holds a control character");
      }
    }
    this.position = end + 1;
    return escaped ? unescape(text.slice(start, end + 1)) : text.slice(start + 1, end);
  }

  /** The digits of a number as they stand. */
  readNumber(wanted: string): string {
    this.peek();
    NUMBER.lastIndex = this.position;
    const match = NUMBER.exec(this.text);
    if (!match) throw this.expected(wanted);
    this.position = NUMBER.lastIndex;
    return match[0];
  }

  /** Calls `read` in front of each element, with its index. */
  readArray(wanted: string, read: (index: number) => void): void {
    if (!this.take("[")) throw this.expected(wanted);
    if (this.take("]")) return;
    for (let index = 0; ; index++) {
      read(index);
      if (this.take("]")) return;
      if (!this.take(",")) throw this.expected("a comma or the end of the array");
    }
  }

  /** Calls `read` in front of each member's value, with its name. */
  readObject(wanted: string, read: (name: string) => void): void {
    if (!this.take("{")) throw this.expected(wanted);
    if (this.take("}")) return;
    for (;;) {
      const name = this.readString("the name of a member");
      if (!this.take(":")) throw this.expected("a colon");
      read(name);
      if (this.take("}")) return;
      if (!this.take(",")) throw this.expected("a comma or the end of the object");
    }
  }

  /** Passes over the next item and gives its text. */
  skip(depth = 0): string {
    if (depth > MAX_DEPTH) throw CtyError.tooDeep();
    const next = this.peek();
    const start = this.position;
    if (next === '"') this.readString("a string");
    else if (next === "[") this.readArray("an array", () => this.skip(depth + 1));
    else if (next === "{") this.readObject("an object", () => this.skip(depth + 1));
    else if (!WORDS.some((word) => this.takeWord(word))) this.readNumber("a value");
    return this.text.slice(start, this.position);
  }

  /** Reads elsewhere, and comes back to where the cursor stands. */
  at<T>(position: number, read: () => T): T {
    const here = this.position;
    this.position = position;
    const result = read();
    this.position = here;
    return result;
  }

  /** Where the cursor stands, for {@link at}. */
  mark(): number {
    return this.position;
  }
}

const WORDS = ["null", "true", "false"];
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Half a surrogate pair becomes U+FFFD, as in Go's decoder: it has no UTF-8. */
function unescape(literal: string): string {
  try {
    return (JSON.parse(literal) as string).replace(/\p{Surrogate}/gu, "\ufffd");
  } catch {
    throw new CtyError("a JSON string holds an escape that JSON does not have");
  }
}

function kindOfStart(character: string): string {
  switch (character) {
    case "":
      return "the end of the JSON";
    case '"':
      return "a string";
    case "{":
      return "an object";
    case "[":
      return "an array";
    case "t":
    case "f":
      return "a bool";
    case "n":
      return "null";
    default:
      return /[-\d]/.test(character) ? "a number" : "something else";
  }
}
