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

/** The kinds of failure that a caller can tell apart. */
export type ErrorKind =
  // An answer of the API: 401, 403, 404 (also for another region's object), 400 or 422, 409, 429,
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "validation"
  | "conflict"
  | "rate_limited"
  // another 4xx, 5xx, 3xx (none is followed).
  | "refused"
  | "server"
  | "redirect"
  // An answer that is not the API's: not HTTP, not JSON, not as documented, or too large.
  | "invalid_response"
  // No answer; `tls` is the certificate or the handshake, `proxy` one that refused or is not reached.
  | "network"
  | "timeout"
  | "tls"
  | "proxy"
  // The host stopped the provider. Nothing was sent: it cannot be an id.
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
