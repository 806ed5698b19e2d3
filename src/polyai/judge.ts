import { CORRELATION_ID_LIMIT, isMarkup, readErrorBody } from "./error-body.js";
import { kindOfStatus, type ErrorDetails } from "./errors.js";
import type { Answer, NoAnswer } from "./exchange.js";
import type { Operation } from "./operation.js";
import type { Quote } from "./redaction.js";
import { parseRetryAfter } from "./retry.js";
import { ShapeError } from "./shape.js";

/** How one attempt failed. */
export interface Failure {
  /** A sentence. */
  readonly message: string;
  readonly details: ErrorDetails;
  /** Whether the API may have done what was asked. */
  readonly mayHaveActed: boolean;
  readonly transient: boolean;
  readonly retryAfter?: number | undefined;
}

export type Verdict<T> = { readonly value: T } | { readonly failure: Failure };

/** What a judgement is made with. */
interface Bench {
  readonly baseUrl: URL;
  readonly quote: Quote;
}

const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Whether what answers so may have done what was asked. A 5xx says that something broke, at any
 * point; a gateway's 502 or 504 that it lost the API on the way. A 503 is a server that turns work
 * away where it says when to come back (RFC 9110, section 15.6.4); without Retry-After it may be a
 * gateway again. 408 is one that waited for the request in vain (section 15.5.9). 303 is what a
 * request that acted may answer.
 */
const mayHaveActed = (status: number, turnedAway: boolean): boolean =>
  status < 300 || status === 303 || (status >= 500 && !(status === 503 && turnedAway));

/** @param now Unix time in milliseconds */
export function judgeAnswer<T>(
  operation: Operation<T>,
  { status, headers, body }: Answer,
  { baseUrl, quote }: Bench,
  now: number,
): Verdict<T> {
  const known = () => {
    const correlationId = correlationOf({ headers }, quote);
    return { status, ...(correlationId === undefined ? {} : { correlationId }) };
  };
  if (status < 300) {
    try {
      return { value: operation.read(parseJson(body)) };
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      const message = `PolyAI's answer to the request to ${operation.name} cannot be used: ${error.message}.`;
      const details: ErrorDetails = { kind: "invalid_response", ...known() };
      return { failure: { message, details, mayHaveActed: true, transient: true } };
    }
  }
  const kind = kindOfStatus(status);
  const retryAfter = parseRetryAfter(headers["retry-after"], now);
  return {
    failure: {
      message:
        kind === "redirect"
          ? `PolyAI answered with a redirect (status ${status}) to ${hostOf(headers.location, baseUrl, quote)}, which is not followed: the API key must not travel there. Check the base URL.`
          : `PolyAI answered with status ${status}${nameOf(status)}.`,
      details: { kind, ...(kind === "redirect" ? {} : readErrorBody(body, quote)), ...known() },
      mayHaveActed: mayHaveActed(status, retryAfter !== undefined),
      transient: RETRIED_STATUSES.has(status),
      retryAfter,
    },
  };
}

export function judgeNoAnswer(outcome: NoAnswer, { baseUrl, quote }: Bench): Failure {
  const { kind, status, sent, transient } = outcome;
  const correlationId = correlationOf(outcome, quote);
  return {
    message: `The request to ${baseUrl.host} failed: ${quote(outcome.reason)}.`,
    details: {
      kind,
      ...(status === undefined ? {} : { status }),
      ...(correlationId === undefined ? {} : { correlationId }),
    },
    mayHaveActed: sent,
    transient,
  };
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    // Bytes that are no UTF-8 must not become a secret that only looks right.
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    const page = isMarkup(body.toString("latin1"));
    throw new ShapeError(page ? "it is a web page, not JSON" : "it is not JSON");
  }
}

export function correlationOf(
  { headers }: Pick<NoAnswer, "headers">,
  quote: Quote,
): string | undefined {
  const value = headers?.["x-polyai-correlation-id"];
  const id = typeof value === "string" ? quote(value, [], CORRELATION_ID_LIMIT) : "";
  return id === "" ? undefined : id;
}

/** Of a redirect only the host is told: the rest of its address may hold anything. */
function hostOf(location: string | undefined, baseUrl: URL, quote: Quote): string {
  if (location === undefined || !URL.canParse(location, baseUrl.href)) return "an unknown address";
  return quote(new URL(location, baseUrl).host) || "an unknown address";
}

const NAMES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  408: "Request Timeout",
  409: "Conflict",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

const nameOf = (status: number): string => {
  const name = NAMES[status];
  return name === undefined ? "" : ` (${name})`;
};
