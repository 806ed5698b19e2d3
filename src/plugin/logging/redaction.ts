/**
 * The secrets of this process, and their removal from text. The text is looked through as it is
 * and decoded, with blanks and the case of letters left aside.
 */
import { decoded, folded, foldedBytes, whole, type View } from "./text-view.js";

const REPLACEMENT = "(sensitive)";

/** Shorter text cannot be told from ordinary words. Blanks and backslashes do not count. */
const SHORTEST = 6;

/** In bytes: what is longer is searched in pieces, which together cover it. */
const PIECE = 256;

/** Of one value, in characters. Whatever is quoted is cut to far less. */
const LONGEST = 8192;

/** Text may be encoded, and the result encoded once more, as JSON in a URL is. */
const MOST_DECODINGS = 3;

/**
 * Beyond this the registry takes no more, and text is withheld as a whole: memory stays bounded and
 * nothing slips through.
 */
const MOST_SECRETS = 50_000;

/** UTF-8 of the mark that a text ends with if it was cut. */
const CUT = Buffer.from("…");

/** The first byte of a part of a text, and the one behind its last. */
type Span = readonly [from: number, to: number];

export class Redactor {
  readonly #secrets = new Set<string>();
  /** The folded forms of all secrets, by bytes that few others have, and by their first. */
  readonly #byRarest = new Index();
  readonly #byStart = new Index();
  readonly #limit: number;

  constructor(limit = MOST_SECRETS) {
    this.#limit = limit;
  }

  /**
   * From now on `secret` stands in no cleaned text, in none of the {@link formsOf} it, and no line
   * of it does. Of a secret that is cut, its beginning is known before the mark of a cut.
   */
  register(secret: string): void {
    if (secret.length < SHORTEST || this.#secrets.size > this.#limit) return;
    if (this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    const start = secret.slice(0, LONGEST);
    const texts = new Set([start, ...start.split(/[\r\n]+/)]);
    for (const form of [...texts].flatMap(formsOf)) {
      for (const piece of piecesOf(foldedBytes(form))) {
        this.#byRarest.add(piece, piece.length);
        this.#byStart.add(piece, SHORTEST);
      }
    }
  }

  /** `text` with each registered secret replaced by `(sensitive)`. */
  clean(text: string): string {
    if (this.#secrets.size > this.#limit) return REPLACEMENT;
    if (this.#secrets.size === 0) return text;
    const bytes = Buffer.from(text);
    const spans: Span[] = [];
    let view: View | undefined = whole(bytes);
    for (let depth = 0; view !== undefined && depth <= MOST_DECODINGS; depth++) {
      const { bytes: seen, from, to } = folded(view);
      for (const [start, end] of [...this.#wholeIn(seen), ...this.#cutIn(seen)]) {
        spans.push([from[start] as number, to[end - 1] as number]);
      }
      view = decoded(view);
    }
    return spans.length === 0 ? text : replaced(bytes, spans);
  }

  /** The places of whole secrets. */
  #wholeIn(bytes: Uint8Array): readonly Span[] {
    const found: Span[] = [];
    let hash = 0;
    for (let end = 1; end <= bytes.length; end++) {
      hash = hashWith(hash, bytes[end - 1] as number);
      for (const { secret, offset } of this.#byRarest.at(hash)) {
        const start = end - offset;
        if (start >= 0 && common(secret, bytes, start) === secret.length) {
          found.push([start, start + secret.length]);
        }
      }
    }
    return found;
  }

  /** The places of secrets that a cut has ended, maybe within an escape such as `\u00e9`. */
  #cutIn(bytes: Uint8Array): readonly Span[] {
    const found: Span[] = [];
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let before = 0;
    for (let cut = text.indexOf(CUT); cut >= 0; cut = text.indexOf(CUT, before)) {
      for (let start = Math.max(before, cut - PIECE); start <= cut - SHORTEST; start++) {
        const hash = bytes.subarray(start, start + SHORTEST).reduce(hashWith, 0);
        const secrets = this.#byStart.at(hash);
        const longest = (most: number, { secret }: Entry): number =>
          Math.max(most, common(secret, bytes, start));
        const end = start + secrets.reduce(longest, 0);
        if (end >= start + SHORTEST && end >= cut - 5) found.push([start, end]);
      }
      before = cut + CUT.length;
    }
    return found;
  }
}

interface Entry {
  readonly secret: Uint8Array;
  /** Behind the bytes that it is found by. */
  readonly offset: number;
}

/** Secrets by a hash of {@link SHORTEST} bytes of each. */
class Index {
  readonly #buckets: Entry[][] = [];

  /** Takes the bytes, among the first `within`, that fewest of the others are found by. */
  add(secret: Uint8Array, within: number): void {
    let hash = 0;
    let best: (Entry & { readonly bucket: number; readonly others: number }) | undefined;
    for (let offset = 1; offset <= within; offset++) {
      hash = hashWith(hash, secret[offset - 1] as number);
      const bucket = bucketOf(hash);
      const others = this.#buckets[bucket]?.length ?? 0;
      if (offset >= SHORTEST && others < (best?.others ?? Infinity)) {
        best = { secret, offset, bucket, others };
      }
    }
    if (best !== undefined) (this.#buckets[best.bucket] ??= []).push(best);
  }

  at(hash: number): readonly Entry[] {
    return this.#buckets[bucketOf(hash)] ?? NONE;
  }
}

const NONE: readonly never[] = [];

/** Each of the last {@link SHORTEST} bytes leaves its mark in the 30 bits, and none before them. */
const hashWith = (hash: number, byte: number): number => ((hash << 5) ^ byte) & 0x3fff_ffff;

const bucketOf = (hash: number): number => (hash ^ (hash >>> 15)) & 0xffff;

/** A secret in pieces of bounded length, which overlap so that none is short. */
function piecesOf(secret: Uint8Array): readonly Uint8Array[] {
  if (secret.length < SHORTEST) return NONE;
  const ends = Array.from({ length: Math.ceil(secret.length / PIECE) }, (_, index) =>
    Math.min(secret.length, (index + 1) * PIECE),
  );
  return ends.map((end) => secret.subarray(Math.max(0, end - PIECE), end));
}

/** The number of bytes at `start` that a secret begins with. */
function common(secret: Uint8Array, bytes: Uint8Array, start: number): number {
  let length = 0;
  while (length < secret.length && secret[length] === bytes[start + length]) length++;
  return length;
}

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
