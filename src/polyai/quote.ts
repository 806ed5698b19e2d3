/**
 * Makes text of the server fit to be quoted: one line of at most `limit` characters, without
 * control characters and what calls itself a signing secret. Secrets that this process knows are
 * taken out where text leaves it; a mark ends what was cut, so that half a secret is known there.
 */
export function quote(text: string, limit = 500): string {
  // More than can be quoted, and little enough to look at quickly.
  const start = text.slice(0, limit * 4);
  const line = withoutSigningSecrets(oneLine(start)).trim();
  return cap(start.length < text.length ? `${line}…` : line, limit);
}

/** Joins texts, each of which becomes a sentence: one that has no end of its own gets a full stop. */
export const sentences = (...texts: readonly string[]): string =>
  texts
    .filter((text) => text !== "")
    .map((text) => (/[.!?…]["')\]]?$/.test(text) ? text : `${text}.`))
    .join(" ");

const withoutSigningSecrets = (line: string): string =>
  line
    .replace(/\bwhsec_\S+/gi, "(sensitive)")
    .replace(/(signing[_ -]?secret\\?["']? ?(?:[:=]|is\b)).*/i, "$1…");

/** Control, format (such as bidirectional overrides), surrogate and line separator characters. */
const oneLine = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ");

const cap = (text: string, limit: number): string => {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
};
