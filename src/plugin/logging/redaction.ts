/**
 * The secrets of this process, and their removal from text. The text is looked through as it is
 * and decoded, with blanks and the case of letters left aside.
 */
import { charactersOf, decoded, folded, whole, type View } from "./text-view.js";

const REPLACEMENT = "(sensitive)";

/** Shorter text cannot be told from ordinary words. Blanks and backslashes do not count. */
const SHORTEST = 6;

/** Of one value, in characters. Whatever is quoted is cut to far less. */
const LONGEST = 8192;

/** Text may be encoded, and the result encoded once more, as JSON in a URL is. */
const MOST_DECODINGS = 3;

/**
 * Beyond this the registry takes no more, and text is withheld as a whole: memory stays bounded and
 * nothing slips through.
 */
const MOST_SECRETS = 50_000;

/** The mark that a text ends with if it was cut. */
const CUT = charactersOf(whole(Buffer.from("…")));

/** The first byte of a part of a text, and the one behind its last. */
type Span = readonly [from: number, to: number];

export class Redactor {
  readonly #secrets = new Set<string>();
  /** The folded forms of all secrets, by their first {@link SHORTEST} characters. */
  readonly #forms = new Map<string, string[]>();

  constructor(private readonly limit = MOST_SECRETS) {}

  /**
   * From now on `secret` stands in no cleaned text, in none of the {@link formsOf} it, and no line
   * of it does. Of a secret that is cut, its beginning is known before the mark of a cut.
   */
  register(secret: string): void {
    if (secret.length < SHORTEST || this.#secrets.size > this.limit) return;
    if (this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    const start = secret.slice(0, LONGEST);
    const texts = new Set([start, ...start.split(/[\r\n]+/)]);
    for (const text of [...texts].flatMap(formsOf)) {
      const form = charactersOf(folded(whole(Buffer.from(text))));
      const beginning = form.slice(0, SHORTEST);
      if (beginning.length < SHORTEST) continue;
      const others = this.#forms.get(beginning);
      if (others === undefined) this.#forms.set(beginning, [form]);
      else others.push(form);
    }
  }

  /** `text` with each registered secret replaced by `(sensitive)`. */
  clean(text: string): string {
    if (this.#secrets.size > this.limit) return REPLACEMENT;
    if (this.#secrets.size === 0) return text;
    const bytes = Buffer.from(text);
    const spans: Span[] = [];
    let view: View | undefined = whole(bytes);
    for (let depth = 0; view !== undefined && depth <= MOST_DECODINGS; depth++) {
      spans.push(...this.#spansIn(folded(view)));
      view = decoded(view);
    }
    return spans.length === 0 ? text : replaced(bytes, spans);
  }

  /** The places of whole secrets, and of those that a cut has ended. */
  #spansIn(view: View): readonly Span[] {
    const text = charactersOf(view);
    const found: Span[] = [];
    for (let start = 0; start <= text.length - SHORTEST; start++) {
      for (const form of this.#forms.get(text.slice(start, start + SHORTEST)) ?? []) {
        const end = start + common(form, text, start);
        if (end - start === form.length || isCut(text, end)) {
          found.push([view[start]?.from ?? 0, view[end - 1]?.to ?? 0]);
        }
      }
    }
    return found;
  }
}

/** The number of characters at `start` that a form begins with. */
function common(form: string, text: string, start: number): number {
  let length = SHORTEST;
  while (length < form.length && form[length] === text[start + length]) length++;
  return length;
}

/** True if a cut has ended a text here, maybe within an escape such as `\u00e9`. */
const isCut = (text: string, end: number): boolean =>
  text.slice(end, end + 5 + CUT.length).includes(CUT);

function replaced(bytes: Buffer, spans: readonly Span[]): string {
  let text = "";
  let kept = 0;
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    if (from > kept || kept === 0) text += bytes.toString("utf8", kept, from) + REPLACEMENT;
    kept = Math.max(kept, to);
  }
  return text + bytes.toString("utf8", kept);
}

/**
 * The forms of a secret that decoding does not undo: in hex, and in base64, alone or anywhere
 * inside a longer text that was encoded as a whole; also of the secret escaped for JSON or a URL.
 */
function formsOf(secret: string): readonly string[] {
  const escapedOrNot = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(Buffer.from(secret).toString()),
  ];
  return [
    // Blanks become pluses in what an HTML form sends.
    ...new Set([secret, secret.replaceAll(" ", "+")]),
    ...[...new Set(escapedOrNot)]
      .map((text) => Buffer.from(text))
      .flatMap((bytes) => [
        bytes.toString("hex"),
        ...[0, 1, 2].map((offset) => base64Inside(bytes, offset)),
      ]),
  ];
}

/**
 * The characters that a secret alone decides if `offset` (modulo 3) bytes precede it and anything
 * follows. Each character stands for six bits.
 */
const base64Inside = (secret: Buffer, offset: number): string => {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return bytes.toString("base64").slice(first, last);
};

const redactor = new Redactor();

/** Registers a secret or key of this process: see {@link Redactor.register}. */
export const redact = (secret: string): void => redactor.register(secret);

/** `text` without any registered secret or key: see {@link Redactor.clean}. */
export const redactText = (text: string): string => redactor.clean(text);
