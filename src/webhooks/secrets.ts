/**
 * The secrets that may have signed: the current one, and while a rotation rolls out also the
 * previous one. `null`, `undefined` and `""` are passed over, so `[current, previous]` may be given
 * before there is a previous secret.
 */
export type WebhookSecrets = string | readonly (string | null | undefined)[];

/** Secrets, or a function that reads them from where they are kept, such as a file. */
export type SecretSource = WebhookSecrets | (() => WebhookSecrets | Promise<WebhookSecrets>);

/** @throws TypeError; the message never holds the secret */
export function assertSecret(secret: unknown): asserts secret is string {
  // HMAC takes an empty key, and then anybody can sign.
  if (typeof secret !== "string" || secret === "") {
    throw new TypeError("A signing secret must be a string that is not empty");
  }
  if (secret.trim() !== secret) {
    throw new TypeError(
      "A signing secret has white space around it, such as a line break at the end of a file: trim it",
    );
  }
}

/**
 * The secrets that are there, with their positions.
 *
 * @throws TypeError if there is none, or one is unusable
 */
export function usableSecrets(secrets: WebhookSecrets) {
  const list = typeof secrets === "string" ? [secrets] : secrets;
  const usable = list.flatMap((secret, index) => {
    if (secret === null || secret === undefined || secret === "") return [];
    assertSecret(secret);
    return [{ secret, index }];
  });
  if (usable.length === 0) throw new TypeError("secrets must hold at least one signing secret");
  return usable;
}

const READ_AGAIN_MS = 1000;

/** Reads a source once, and again if that failed or a delivery did not verify, at most once a second. */
export class SecretReader {
  readonly #source: () => WebhookSecrets | Promise<WebhookSecrets>;
  #read: Promise<WebhookSecrets> | undefined;
  #readAt = -Infinity;
  #failed = false;

  /** @throws TypeError if secrets are given, and the first is missing or one is unusable */
  constructor(source: SecretSource) {
    if (typeof source !== "function") firstIsThere(source);
    this.#source = typeof source === "function" ? source : () => source;
  }

  /** @throws whatever the source throws, and TypeError as the constructor */
  current(): Promise<WebhookSecrets> {
    return (this.#failed ? this.again() : undefined) ?? this.#read ?? this.#readNow();
  }

  /** Undefined if they were read within the last second. */
  again(): Promise<WebhookSecrets> | undefined {
    return performance.now() - this.#readAt < READ_AGAIN_MS ? undefined : this.#readNow();
  }

  #readNow(): Promise<WebhookSecrets> {
    this.#readAt = performance.now();
    this.#failed = false;
    this.#read = (async () => firstIsThere(await this.#source()))();
    this.#read.catch(() => (this.#failed = true));
    return this.#read;
  }
}

function firstIsThere(secrets: WebhookSecrets): WebhookSecrets {
  const [first] = usableSecrets(secrets);
  if (first?.index !== 0) throw new TypeError("the first of secrets, the current one, is missing");
  return secrets;
}
