/** The caller's registry of secrets, which the whole process shares. */
export interface Redactor {
  /** From now on this secret stands in no cleaned text. */
  readonly register: (secret: string) => void;
  readonly clean: (text: string) => string;
}

/** Makes text of the server fit to be quoted. `limit` is in characters, 500 if it is left out. */
export type Quote = (text: string, limit?: number) => string;

/** Joins texts, each of which becomes a sentence: one that has no end of its own gets a full stop. */
export const sentences = (...texts: readonly string[]): string =>
  texts
    .filter((text) => text !== "")
    .map((text) => (/[.!?…]["')\]]?$/.test(text) ? text : `${text}.`))
    .join(" ");

/** One line without control characters, secrets, and what calls itself a signing secret. */
export const quoteWith =
  (redactor: Redactor): Quote =>
  (text, limit = 500) => {
    // Far more than can be quoted, and little enough to clean quickly.
    const start = text.slice(0, limit * 20);
    return cap(withoutSigningSecrets(oneLine(redactor.clean(start))).trim(), limit);
  };

const withoutSigningSecrets = (text: string): string =>
  text
    .replace(
      /(signing[_ -]?secret\\?["']?\s*(?:[:=]|\bis\b)\s*)(\\?["'])?[^\s"',}<]+/gi,
      "$1(sensitive)",
    )
    .replace(/\bwhsec_[\w+/=-]+/gi, "(sensitive)");

/** Control, format (such as bidirectional overrides), surrogate and line separator characters. */
const oneLine = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ");

const cap = (text: string, limit: number): string => {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
};
