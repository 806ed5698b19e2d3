import { hmac as hmacOf } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { bytesOf, type WebhookPayload } from "./bytes.js";
import { assertSecret } from "./secrets.js";

/** Names of the headers that PolyAI sends with every delivery. */
export const WEBHOOK_HEADERS = {
  timestamp: "X-PolyAI-Timestamp",
  signature: "X-PolyAI-Signature",
  eventId: "X-PolyAI-Event-ID",
} as const;

export interface SignWebhookOptions {
  /** The endpoint's signing secret, used as UTF-8 text. */
  readonly secret: string;
  /** Unix time in whole seconds, as a number or in decimal digits. */
  readonly timestamp: number | string;
  /** The raw body. */
  readonly payload: WebhookPayload;
}

export interface SignedRequestOptions {
  /** The endpoint's signing secret, used as UTF-8 text. */
  readonly secret: string;
  /** The raw body. */
  readonly body: string;
  /** Value of `X-PolyAI-Event-ID`. */
  readonly eventId: string;
  /** When it was signed. Default: the present. */
  readonly at?: Date;
}

/** A delivery as PolyAI sends it, in the form that `fetch` takes. */
export interface SignedRequest {
  readonly method: "POST";
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Whole Unix seconds in decimal digits. Fifteen digits stay exact in a JavaScript number. */
export const TIMESTAMP = /^\d{1,15}$/;

/**
 * The signature of a delivery: HMAC-SHA256 of `{timestamp}.{payload}`, as 64 lowercase hex digits,
 * which is the whole value of `X-PolyAI-Signature`.
 *
 * For tests of a receiver; PolyAI does this for real deliveries.
 *
 * @throws TypeError if the secret is empty or has white space around it, the timestamp is not in
 *   whole seconds, or the payload is neither text nor bytes. The message never holds the secret.
 *
 * @example
 * const timestamp = Math.floor(Date.now() / 1000);
 * const signature = signWebhook({ secret, timestamp, payload: body });
 */
export function signWebhook(options: SignWebhookOptions): string {
  const { secret, timestamp, payload } = ownProperties(options);
  assertSecret(secret);
  const time = String(timestamp);
  if (!TIMESTAMP.test(time)) throw new TypeError("timestamp must be a Unix time in whole seconds");
  return hmac(secret, time, bytesOf(payload));
}

/**
 * A signed delivery, for tests of a receiver.
 *
 * @throws TypeError as `signWebhook`
 *
 * @example
 * const request = signedRequest({ secret: "test", body: '{"type":"alerts.triggered"}', eventId: "evt_1" });
 * const response = await fetch("http://localhost:8080/", request);
 */
export function signedRequest(options: SignedRequestOptions): SignedRequest {
  const { secret, body, eventId, at = new Date() } = ownProperties(options);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      [WEBHOOK_HEADERS.timestamp]: timestamp,
      [WEBHOOK_HEADERS.signature]: signWebhook({ secret, timestamp, payload: body }),
      [WEBHOOK_HEADERS.eventId]: eventId,
    },
    body,
  };
}

/** Options without what somebody else may have put into `Object.prototype`. */
export const ownProperties = <T extends object>(options: T): T =>
  Object.assign(Object.create(null) as T, options);

/** 64 lowercase hex digits. */
export function hmac(secret: string, timestamp: string, payload: Uint8Array): string {
  const hash = hmacOf.create(sha256, bytesOf(secret)).update(bytesOf(`${timestamp}.`));
  return bytesToHex(hash.update(payload).digest());
}
