/**
 * How a secret is spelt in an answer: as text should be, in NFD, with half of a character, or such
 * that encrypting it fails.
 */
export type Spelling = "plain" | "nfd" | "surrogate" | "not encrypted";

/** Encryption fails for a secret that begins with this. */
export const UNENCRYPTED = "s3cret-unencrypted-";

export const isSpelling = (answer: string | object): answer is Spelling =>
  typeof answer === "string" && answer in TEXTS;

const TEXTS: Readonly<Record<Spelling, string>> = {
  plain: "s3cret-",
  nfd: "s3cret-e\u0301-",
  surrogate: "s3cret-\ud800-",
  "not encrypted": UNENCRYPTED,
};

/**
 * Short names for a history's secrets, the same in each: a report can be read, a seed repeats, and
 * the provider's list of secrets to redact stays short.
 */
export class SecretNames {
  readonly #names = new Map<string, string>();

  nameOf(secret: string, spelling: Spelling = "plain"): string {
    const name = this.#names.get(secret) ?? `${TEXTS[spelling]}${this.#names.size + 1}.`;
    this.#names.set(secret, name);
    return name;
  }

  /** A JSON text with the secrets' names in it. */
  rename(text: string, spelling: Spelling): string {
    return text.replace(/whsec_[0-9A-Za-z]{43}/g, (secret) =>
      JSON.stringify(this.nameOf(secret, spelling)).slice(1, -1),
    );
  }

  get all(): readonly string[] {
    return [...this.#names.values()];
  }
}
