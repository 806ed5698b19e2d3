/** Bytes that stand for a text, such as its decoded form, and the place in the text of each. */
export interface View {
  readonly bytes: Uint8Array;
  /** The first byte of the text that a byte of this view stands for. */
  readonly from: Uint32Array;
  /** The one behind the last. */
  readonly to: Uint32Array;
}

/** A text as it is. */
export function whole(bytes: Uint8Array): View {
  const [from, to] = [new Uint32Array(bytes.length), new Uint32Array(bytes.length)];
  for (let at = 0; at < bytes.length; at++) {
    from[at] = at;
    to[at] = at + 1;
  }
  return { bytes, from, to };
}

/**
 * By byte: 0 for blanks, control characters and backslashes, which go; letters become small, and
 * base64url becomes base64.
 */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte <= 0x20 || byte === 0x7f || character === "\\") return 0;
  if (character === "-") return 0x2b;
  if (character === "_") return 0x2f;
  return /[A-Z]/.test(character) ? byte + 0x20 : byte;
});

/** A text as {@link folded} leaves it. */
export const foldedBytes = (text: string): Uint8Array =>
  Buffer.from(text)
    .map((byte) => FOLDED[byte] as number)
    .filter((byte) => byte !== 0);

/** The view with its bytes made alike: see {@link FOLDED}. */
export function folded(view: View): View {
  const { bytes, from, to } = copyOf(view);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = FOLDED[bytes[at] as number] as number;
    if (byte === 0) continue;
    bytes[length] = byte;
    from[length] = from[at] as number;
    to[length] = to[at] as number;
    length++;
  }
  return part({ bytes, from, to }, length);
}

/** Escapes of URLs, JSON and HTML. Two halves of a surrogate pair are one. */
const ESCAPE =
  /%[0-9a-f]{2}|\\(?:u(?:d[89ab][0-9a-f]{2}\\u)?[0-9a-f]{4}|x[0-9a-f]{2}|["\\/nrtbf])|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);/gi;

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** The view with its escapes decoded, once; undefined if it has none. */
export function decoded(view: View): View | undefined {
  const text = Buffer.from(view.bytes).toString("latin1");
  if (text.search(ESCAPE) < 0) return undefined;
  const { bytes, from, to } = copyOf(view);
  let length = 0;
  let kept = 0;
  const keep = (end: number): void => {
    for (const list of [bytes, from, to]) list.copyWithin(length, kept, end);
    length += end - kept;
  };
  for (const { 0: escape, index } of text.matchAll(ESCAPE)) {
    keep(index);
    kept = index + escape.length;
    // No escape is shorter than what it stands for.
    const [begin, end] = [view.from[index] as number, view.to[kept - 1] as number];
    for (const byte of meaningOf(escape)) {
      bytes[length] = byte;
      from[length] = begin;
      to[length] = end;
      length++;
    }
  }
  keep(bytes.length);
  return part({ bytes, from, to }, length);
}

function meaningOf(escape: string): Uint8Array {
  const hex = /^(?:%|\\x)(..)$/i.exec(escape)?.[1];
  if (hex !== undefined) return Buffer.from(hex, "hex");
  if (escape.startsWith("\\")) {
    return Buffer.from(JSON.parse(`"${escape.toLowerCase()}"`) as string);
  }
  const name = escape.slice(1, -1).toLowerCase();
  const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return Buffer.from(NAMED[name] ?? (code <= 0x10_ffff ? String.fromCodePoint(code) : ""));
}

const copyOf = ({ bytes, from, to }: View): View => ({
  // A copy, which Buffer's own slice() does not make.
  bytes: Uint8Array.from(bytes),
  from: from.slice(),
  to: to.slice(),
});

const part = ({ bytes, from, to }: View, length: number): View => ({
  bytes: bytes.subarray(0, length),
  from: from.subarray(0, length),
  to: to.subarray(0, length),
});
