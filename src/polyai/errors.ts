import type { Place } from "./regions.js";

/** A client that cannot be made of its options. The message is a sentence for a person. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(
    message: string,
    /** The setting at fault, if it is one of the provider block's. */
    readonly setting?: "api_key" | "region" | "base_url",
  ) {
    super(message);
  }
}

/** An answer of a proxy that does not connect. The message completes "It refused to connect …". */
export class ProxyRefusal extends Error {
  constructor(
    message: string,
    readonly transient: boolean,
  ) {
    super(message);
  }
}

/**
 * The kinds of failure that a caller can tell apart:
 *
 * - an answer of the API: `unauthorized` (401), `forbidden` (403), `not_found` (404; also for
 *   another region's object), `validation` (400, 422), `conflict` (409), `rate_limited` (429),
 *   `refused` (another 4xx), `server` (5xx), `redirect` (3xx; none is followed)
 * - an answer that is not the API's: `invalid_response` (not HTTP, not JSON, not as documented, or
 *   too large)
 * - no answer: `network`, `timeout`, `tls` (the certificate or the handshake), `proxy` (the proxy
 *   refused, or cannot be reached)
 * - the host stopped the provider: `cancelled`; nothing was sent: `invalid_id` (it cannot be one)
 */
export type ErrorKind =
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "validation"
  | "conflict"
  | "rate_limited"
  | "refused"
  | "server"
  | "redirect"
  | "invalid_response"
  | "network"
  | "timeout"
  | "tls"
  | "proxy"
  | "cancelled"
  | "invalid_id";

/** One complaint of the API about one field of a request. */
export interface FieldError {
  /** The path to the field, such as `["body", "threshold_value"]`. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

export interface ErrorDetails {
  readonly kind: ErrorKind;
  /** HTTP status, if there was an answer. */
  readonly status?: number;
  /** PolyAI's `X-PolyAI-Correlation-Id` of the last answer, or the envelope's `error_id`. */
  readonly correlationId?: string;
  /** The API's own words: one line of at most 500 characters. They may quote what it was sent. */
  readonly serverMessage?: string;
  readonly fieldErrors?: readonly FieldError[];
}

export interface CallDetails {
  /**
   * True if the call may have changed something all the same: one of its attempts may have acted
   * without its result arriving. After a rotation: the secret that is known may be dead.
   */
  readonly ambiguous: boolean;
  /** The number of requests that were begun. */
  readonly attempts: number;
  readonly place: Place;
  /** The source of the API key, as the client was told. */
  readonly apiKeySource: string;
}

/**
 * A call that failed for good. It holds no error of the HTTP library, which carries the request with
 * its headers.
 */
export class PolyaiError extends Error implements ErrorDetails, CallDetails {
  override readonly name = "PolyaiError";
  declare readonly kind: ErrorKind;
  declare readonly status?: number;
  declare readonly correlationId?: string;
  declare readonly serverMessage?: string;
  declare readonly fieldErrors?: readonly FieldError[];
  declare readonly ambiguous: boolean;
  declare readonly attempts: number;
  declare readonly place: Place;
  declare readonly apiKeySource: string;

  /** @param message one sentence that does not repeat `serverMessage` */
  constructor(message: string, details: ErrorDetails & CallDetails) {
    super(message);
    Object.assign(this, details);
  }
}
