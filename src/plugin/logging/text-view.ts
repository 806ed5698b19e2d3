/** A byte that a text stands for, such as one of its decoded form, and its place in the text. */
interface Mark {
  readonly byte: number;
  /** The first byte of the text that it stands for. */
  readonly from: number;
  /** The one behind the last. */
  readonly to: number;
}
export type View = readonly Mark[];

/** A text as it is. */
export const whole = (bytes: Uint8Array): View =>
  Array.from(bytes, (byte, at) => ({ byte, from: at, to: at + 1 }));

/** The bytes of a view as characters of a string, one each. */
export const charactersOf = (view: View): string =>
  Buffer.from(view.map(({ byte }) => byte)).toString("latin1");

/**
 * The view with its bytes made alike: blanks, control characters and backslashes go, letters become
 * small, and base64url becomes base64.
 */
export const folded = (view: View): View =>
  view
    .filter(({ byte }) => byte > 0x20 && byte !== 0x7f && byte !== BACKSLASH)
    .map((mark) => ({ ...mark, byte: alike(mark.byte) }));

const BACKSLASH = 0x5c;

function alike(byte: number): number {
  const character = String.fromCharCode(byte);
  if (character === "-") return 0x2b;
  if (character === "_") return 0x2f;
  return /[A-Z]/.test(character) ? byte + 0x20 : byte;
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
  const escapes = [...charactersOf(view).matchAll(ESCAPE)];
  if (escapes.length === 0) return undefined;
  const parts: View[] = [];
  let kept = 0;
  for (const { 0: escape, index } of escapes) {
    const marks = view.slice(index, index + escape.length);
    const place = { from: marks[0]?.from ?? 0, to: marks.at(-1)?.to ?? 0 };
    parts.push(view.slice(kept, index));
    parts.push(Array.from(meaningOf(escape), (byte) => ({ byte, ...place })));
    kept = index + escape.length;
  }
  return [...parts, view.slice(kept)].flat();
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
