import { bytesOf, type WebhookPayload } from "./bytes.js";
import { usableSecrets, type WebhookSecrets } from "./secrets.js";
import { TIMESTAMP, WEBHOOK_HEADERS, hmac, ownProperties } from "./sign.js";

/**
 * Request headers: Node's `request.headers`, a plain record in any letter case, or anything with
 * `get`, such as fetch's `Headers`.
 */
export type WebhookHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null | undefined };

export type VerifyWebhookOptions = {
  /** The raw body, before any parsing. */
  readonly payload: WebhookPayload;
  readonly secrets: WebhookSecrets;
  /** The timestamp may lie this far from `now`, either way, in seconds. Default 300. */
  readonly toleranceSeconds?: number;
  /** The receiver's time. Default: the present. */
  readonly now?: Date;
} & (
  | { readonly headers: WebhookHeaders }
  | {
      /** Value of `X-PolyAI-Timestamp`. */
      readonly timestamp: string;
      /** Value of `X-PolyAI-Signature`. */
      readonly signature: string;
    }
);

export type WebhookRejection =
  /** The timestamp or the signature is not there. */
  | "header_missing"
  /** The timestamp or the signature is there more than once, so which one counts is not known. */
  | "header_repeated"
  /** The timestamp is not in decimal digits. */
  | "timestamp_malformed"
  /** The timestamp is too old, or too far in the future: a replay, or a clock that is wrong. */
  | "timestamp_outside_tolerance"
  /** The signature is not 64 lowercase hex digits. */
  | "signature_malformed"
  /** No secret gives this signature: a forgery, another endpoint's secret, or a rotated one. */
  | "signature_mismatch";

export type VerifyWebhookResult =
  | {
      readonly valid: true;
      /**
       * Value of `X-PolyAI-Event-ID`, the same at each attempt of one delivery: use it to take an
       * event once. `null` if headers were not given or do not hold it. It is not signed.
       */
      readonly eventId: string | null;
      /** When the delivery was signed. */
      readonly timestamp: Date;
      /** Position in `secrets` of the secret that signed; 0 if `secrets` is one string. */
      readonly secretIndex: number;
    }
  | { readonly valid: false; readonly reason: WebhookRejection };

const SIGNATURE = /^[0-9a-f]{64}$/;
export const DEFAULT_TOLERANCE_SECONDS = 300;

/**
 * Tells whether a delivery was signed by PolyAI with one of the secrets, and recently.
 *
 * A delivery that does not verify is a result, never an exception. Answer a receiver's rejection
 * with 503 while a rotation rolls out: PolyAI sends again after 5xx, 408 and 429, and gives up on
 * every other 4xx.
 *
 * Every secret is tried whichever one matches, and comparison takes the same time wherever two
 * signatures first differ.
 *
 * @throws TypeError if the caller is at fault: no secret, a secret with white space around it, a
 *   parsed payload, a negative or unreadable tolerance, an invalid `now`. The message never holds a
 *   secret.
 *
 * @example
 * const result = verifyWebhook({
 *   payload: rawBody,
 *   headers: request.headers,
 *   secrets: [process.env.POLYAI_SECRET, process.env.POLYAI_PREVIOUS_SECRET],
 * });
 * if (!result.valid) return reply.code(503).send(result.reason);
 */
export function verifyWebhook(options: VerifyWebhookOptions): VerifyWebhookResult {
  const own = ownProperties(options);
  const { toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, now = new Date() } = own;
  const payload = bytesOf(own.payload);
  const secrets = usableSecrets(own.secrets);
  if (!(toleranceSeconds >= 0)) {
    throw new TypeError("toleranceSeconds must be a number that is not negative");
  }
  if (Number.isNaN(now.getTime())) throw new TypeError("now must be a valid Date");

  const headers =
    "headers" in own
      ? own.headers
      : ownProperties({
          [WEBHOOK_HEADERS.timestamp]: own.timestamp,
          [WEBHOOK_HEADERS.signature]: own.signature,
        });
  const [timestamp, ...timestamps] = headerValues(headers, WEBHOOK_HEADERS.timestamp);
  const [signature, ...signatures] = headerValues(headers, WEBHOOK_HEADERS.signature);
  const rejected = (reason: WebhookRejection) => ({ valid: false, reason }) as const;
  if (timestamp === undefined || signature === undefined) return rejected("header_missing");
  if (timestamps.length + signatures.length > 0) return rejected("header_repeated");
  if (!TIMESTAMP.test(timestamp)) return rejected("timestamp_malformed");
  const seconds = Number(timestamp);
  if (Math.abs(now.getTime() / 1000 - seconds) > toleranceSeconds) {
    return rejected("timestamp_outside_tolerance");
  }
  if (!SIGNATURE.test(signature)) return rejected("signature_malformed");

  const [match] = secrets.filter(({ secret }) =>
    isEqual(hmac(secret, timestamp, payload), signature),
  );
  if (match === undefined) return rejected("signature_mismatch");
  return {
    valid: true,
    eventId: headerValues(headers, WEBHOOK_HEADERS.eventId)[0] ?? null,
    timestamp: new Date(seconds * 1000),
    secretIndex: match.index,
  };
}

/** Takes the same time wherever two texts of the same length first differ. */
function isEqual(one: string, other: string): boolean {
  let difference = 0;
  for (let index = 0; index < one.length; index++) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  }
  return difference === 0;
}

/** In the order in which they came. */
export function headerValues(headers: WebhookHeaders, name: string): string[] {
  if (hasGet(headers)) {
    const value = headers.get(name);
    return typeof value === "string" ? [value] : [];
  }
  return Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .flatMap(([, value]) => value ?? []);
}

const hasGet = (headers: WebhookHeaders): headers is Extract<WebhookHeaders, { get: unknown }> =>
  typeof headers.get === "function";
