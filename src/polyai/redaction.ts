const REPLACEMENT = "[redacted]";

/** Text that shares this many characters in a row with the key is taken for a part of it. */
const TELLTALE = 8;

/** The most characters of server text that an error quotes. */
export const QUOTE_LIMIT = 500;

/**
 * Makes server text fit to be quoted.
 *
 * @param secrets what else must not stand in it
 * @param limit in characters
 */
export type Quote = (text: string, secrets?: Iterable<string>, limit?: number) => string;

/**
 * The quoting of one client: one line, no control characters, no longer than its limit, without
 * the API key, whole or in part, as it is or encoded, and without anything that is told to be a
 * signing secret.
 */
export function quoteWithout(apiKey: string): Quote {
  const forms = formsOf(apiKey);
  const pieces = new Set(forms.flatMap(piecesOf));

  const clean = (text: string): string => {
    let cleaned = text;
    for (const form of forms) cleaned = cleaned.replaceAll(form, REPLACEMENT);
    return cleaned.replace(/[^\s"'<>,;]+/g, (word) =>
      piecesOf(word).some((piece) => pieces.has(piece)) ? REPLACEMENT : word,
    );
  };

  return (text, secrets = [], limit = QUOTE_LIMIT) => {
    // Far more than can be quoted, and little enough to clean quickly.
    let quoted = oneLine(text.slice(0, limit * 20));
    for (const secret of secrets) {
      if (secret !== "") quoted = quoted.replaceAll(oneLine(secret), REPLACEMENT);
    }
    return cap(clean(withoutSigningSecrets(quoted)).trim(), limit);
  };
}

const formsOf = (secret: string): readonly string[] =>
  [
    ...new Set([
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    ]),
  ].filter((form) => form !== "");

const piecesOf = (text: string): string[] => {
  const lower = text.toLowerCase();
  return Array.from({ length: Math.max(0, lower.length - TELLTALE + 1) }, (_, at) =>
    lower.slice(at, at + TELLTALE),
  );
};

const withoutSigningSecrets = (text: string): string =>
  text
    .replace(
      /(signing[_ -]?secret\\?["']?\s*(?:[:=]|\bis\b)\s*)(\\?["'])?[^\s"',}<]+/gi,
      `$1${REPLACEMENT}`,
    )
    .replace(/\bwhsec_[\w+/=-]+/gi, REPLACEMENT);

/** Control, format (such as bidirectional overrides), surrogate and line separator characters. */
const oneLine = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ");

const cap = (text: string, limit: number): string => {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
};
