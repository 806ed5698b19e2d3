import { createHmac } from "node:crypto";

/** Names of the headers that PolyAI sends with every delivery. */
export const WEBHOOK_HEADERS = {
  timestamp: "X-PolyAI-Timestamp",
  signature: "X-PolyAI-Signature",
  eventId: "X-PolyAI-Event-ID",
} as const;

/** A delivery's body as it travelled: text, or bytes such as a Buffer. Never a parsed object. */
export type WebhookPayload = string | Uint8Array;

export interface SignWebhookOptions {
  /** The endpoint's signing secret, used as UTF-8 text. */
  readonly secret: string;
  /** Unix time in whole seconds, as a number or in decimal digits. */
  readonly timestamp: number | string;
  /** The raw body. */
  readonly payload: WebhookPayload;
}

/** Whole Unix seconds in decimal digits. Fifteen digits stay exact in a JavaScript number. */
const TIMESTAMP = /^\d{1,15}$/;

export function isTimestamp(text: string): boolean {
  return TIMESTAMP.test(text);
}

/**
 * The signature of a delivery: HMAC-SHA256 of `{timestamp}.{payload}`, as 64 lowercase hex digits,
 * which is the whole value of `X-PolyAI-Signature`.
 *
 * For tests of a receiver; PolyAI does this for real deliveries.
 *
 * @throws TypeError if the secret is empty, the timestamp is not in whole seconds, or the payload
 *   is neither text nor bytes. The message never holds the secret.
 *
 * @example
 * const timestamp = Math.floor(Date.now() / 1000);
 * const signature = signWebhook({ secret, timestamp, payload: body });
 */
export function signWebhook(options: SignWebhookOptions): string {
  const { secret, timestamp, payload } = ownProperties(options);
  assertSecret(secret);
  assertPayload(payload);
  const time = String(timestamp);
  if (!isTimestamp(time)) {
    throw new TypeError("timestamp must be a Unix time in whole seconds");
  }
  return hmac(secret, time, payload).toString("hex");
}

/** Options without what somebody else may have put into `Object.prototype`. */
export const ownProperties = <T extends object>(options: T): T =>
  Object.assign(Object.create(null) as T, options);

export function hmac(secret: string, timestamp: string, payload: WebhookPayload): Buffer {
  return createHmac("sha256", secret).update(`${timestamp}.`).update(payload).digest();
}

/** HMAC takes an empty key, and then anybody can sign. */
export function assertSecret(secret: unknown): asserts secret is string {
  if (typeof secret !== "string" || secret === "") {
    throw new TypeError("a signing secret must be a string that is not empty");
  }
}

export function assertPayload(payload: unknown): asserts payload is WebhookPayload {
  if (typeof payload !== "string" && !(payload instanceof Uint8Array)) {
    throw new TypeError(
      "payload must be the raw request body (a string or a Buffer): a parsed body cannot be verified",
    );
  }
}
