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
const READ_LIMIT_MS = 10_000;

/**
 * Reads a source once, and again if that failed or a delivery did not verify, at most once a second.
 * The last secrets that were read stay in use until a later read succeeds.
 */
export class SecretReader {
  readonly #source: () => WebhookSecrets | Promise<WebhookSecrets>;
  #good: Promise<WebhookSecrets> | undefined;
  #latest: Promise<WebhookSecrets> | undefined;
  #reading = false;
  #readAt = -Infinity;

  /** @throws TypeError if secrets are given, and the first is missing or one is unusable */
  constructor(source: SecretSource) {
    if (typeof source !== "function") firstIsThere(source);
    this.#source = typeof source === "function" ? source : () => source;
  }

  /** @throws whatever the source throws, Error if it takes more than 10 s, and TypeError as the constructor */
  current(): Promise<WebhookSecrets> {
    return this.#good ?? this.again() ?? this.#latest ?? this.#read();
  }

  /** Undefined if they were read within the last second. */
  again(): Promise<WebhookSecrets> | undefined {
    if (this.#reading) return this.#latest;
    return performance.now() - this.#readAt < READ_AGAIN_MS ? undefined : this.#read();
  }

  #read(): Promise<WebhookSecrets> {
    this.#readAt = performance.now();
    this.#reading = true;
    const read = inTime(async () => firstIsThere(await this.#source()));
    const succeed = () => (this.#good = read);
    void read.then(succeed, () => undefined).finally(() => (this.#reading = false));
    return (this.#latest = read);
  }
}

/** @throws Error if the work takes too long: a source that hangs must not stop every later delivery */
async function inTime<T>(work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`the secrets were not read within ${READ_LIMIT_MS / 1000} s`);
    timer = setTimeout(() => reject(error), READ_LIMIT_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function firstIsThere(secrets: WebhookSecrets): WebhookSecrets {
  const [first] = usableSecrets(secrets);
  if (first?.index !== 0) throw new TypeError("the first of secrets, the current one, is missing");
  return secrets;
}
