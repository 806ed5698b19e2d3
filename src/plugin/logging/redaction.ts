/**
 * The secrets of this process, and their removal from text.
 *
 * Cleaning takes time in proportion to the text, however many secrets there are: each place in it
 * is looked up by the four characters that stand there.
 */
const REPLACEMENT = "(sensitive)";

/** Shorter text cannot be told from ordinary words; no secret or key is as short as that. */
const SHORTEST = 4;

/**
 * Beyond this the registry takes no more, and text is withheld as a whole: memory stays bounded and
 * nothing slips through.
 */
const MOST_SECRETS = 50_000;

export class Redactor {
  readonly #secrets = new Set<string>();
  readonly #forms = new Set<string>();
  /** The lengths, longest first, of the forms that begin with these four characters. */
  readonly #lengths = new Map<string, number[]>();
  readonly #limit: number;

  constructor(limit = MOST_SECRETS) {
    this.#limit = limit;
  }

  /** From now on `secret` never stands in a cleaned text, in none of the {@link formsOf} it. */
  register(secret: string): void {
    if (secret.length < SHORTEST || this.#secrets.size > this.#limit) return;
    if (this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    for (const form of formsOf(secret)) this.#index(form);
  }

  /** `text` with each registered secret replaced by `(sensitive)`. */
  clean(text: string): string {
    if (this.#secrets.size > this.#limit) return REPLACEMENT;
    let cleaned = "";
    let kept = 0;
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      const length = this.#matchAt(text, at);
      if (length === 0) continue;
      cleaned += text.slice(kept, at) + REPLACEMENT;
      kept = at + length;
      at = kept - 1;
    }
    return cleaned + text.slice(kept);
  }

  #matchAt(text: string, at: number): number {
    const lengths = this.#lengths.get(text.substring(at, at + SHORTEST));
    return lengths?.find((length) => this.#forms.has(text.substring(at, at + length))) ?? 0;
  }

  #index(form: string): void {
    this.#forms.add(form);
    const start = form.substring(0, SHORTEST);
    const lengths = new Set(this.#lengths.get(start)).add(form.length);
    this.#lengths.set(
      start,
      [...lengths].sort((a, b) => b - a),
    );
  }
}

/**
 * The forms of a secret in a text: as it is; escaped for JSON, for JSON in JSON, for a URL or a
 * form; in hex; and in base64, alone or anywhere inside a longer text that was encoded as a whole.
 */
function formsOf(secret: string): ReadonlySet<string> {
  const escaped = escape(secret);
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const url = encodeURIComponent(bytes.toString());
  const forms = [secret, escaped, escape(escaped), hex, hex.toUpperCase(), url];
  forms.push(url.replace(/%../g, (byte) => byte.toLowerCase()));
  forms.push(new URLSearchParams([["", secret]]).toString().slice(1));
  for (let offset = 0; offset < 3; offset++) {
    const base64 = base64Inside(bytes, offset);
    forms.push(base64, base64.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return new Set(forms);
}

const escape = (text: string): string => JSON.stringify(text).slice(1, -1);

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
