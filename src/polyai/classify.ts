import { STATUS_CODES } from "node:http";
import { CORRELATION_HEADER } from "../facts.js";
import { CORRELATION_ID_LIMIT, isMarkup, readErrorBody } from "./error-body.js";
import type { ErrorDetails, ErrorKind } from "./errors.js";
import type { Operation } from "./operation.js";
import { quote } from "./quote.js";
import { urlText } from "./regions.js";
import { parseRetryAfter } from "./retry.js";
import { ShapeError } from "./shape.js";
import type { Answer, NoAnswer } from "./transport.js";

/** One failed attempt. */
export interface Failure {
  /** A sentence. */
  readonly message: string;
  readonly details: ErrorDetails;
  /** True if the API may have carried out the request. */
  readonly mayHaveActed: boolean;
  readonly transient: boolean;
  readonly retryAfter?: number | undefined;
}

/** The end of an attempt: the operation's result, or a failure. */
export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

/** Context that `classify` needs besides the answer. */
export interface ClassifyContext {
  readonly baseUrl: URL;
  /** Is told each signing secret that arrives. */
  readonly redact: (secret: string) => void;
}

/** Of an error's body, in bytes: 20 field errors of 500 characters need less. */
const LONGEST_ERROR = 64 * 1024;

/** Of an answer, looked through for signing secrets from the outermost on. */
const MOST_VALUES = 1000;

const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * The statuses of a request that surely did nothing. After any other failure the API may have
 * acted: to suppose so without need costs one rotation, not to suppose so costs alerts.
 */
const DID_NOTHING: ReadonlySet<number> = new Set([
  // It is refused for what it says, before it is carried out.
  400, 422,
  // Nobody without a valid key has anything carried out, nor has one whose key does not allow it.
  401, 403,
  // There is nothing to act on.
  404,
  // It is turned away to be sent again.
  429,
]);

/** A creation beyond the account's limit is documented; of other operations a 409 may say anything. */
const mayHaveActed = (status: number, { repeat }: Operation<unknown>): boolean =>
  !DID_NOTHING.has(status) && !(status === 409 && repeat === "once");

const KINDS: Readonly<Record<number, ErrorKind>> = {
  400: "validation",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  408: "timeout",
  409: "conflict",
  422: "validation",
  429: "rate_limited",
};

/**
 * A 404 tells that an object is gone only if one was asked for, and in PolyAI's own words. A 409
 * tells that there is no room only to a creation.
 */
function kindOf(
  status: number,
  { id, repeat }: Operation<unknown>,
  documented: boolean,
): ErrorKind {
  if (status === 404 && (!documented || id === undefined)) return "refused";
  if (status === 409 && repeat !== "once") return "refused";
  return KINDS[status] ?? (status >= 500 ? "server" : status >= 400 ? "refused" : "redirect");
}

/** @param now Unix time in milliseconds */
export function classify<T>(
  operation: Operation<T>,
  answer: Answer | NoAnswer,
  context: ClassifyContext,
  now: number,
): Outcome<T> {
  const { baseUrl, redact } = context;
  const correlationId = correlationOf(answer);
  const known = {
    ...(answer.status === undefined ? {} : { status: answer.status }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
  if (!answer.answered) {
    const { kind, reason, sent, transient } = answer;
    const message = `The request to ${baseUrl.host} failed: ${quote(reason)}.`;
    return {
      failure: { message, details: { kind, ...known }, mayHaveActed: sent, transient },
    };
  }

  const { status, headers, body } = answer;
  // Bytes that are no UTF-8 must not become a secret that only looks right.
  const parsed = jsonIn(status < 300 ? body : body.subarray(0, LONGEST_ERROR), status < 300);
  redactSecrets(parsed, redact);
  if (status < 300) {
    try {
      if (parsed === undefined && body.length > 0) throw notJson(body);
      return { value: operation.read(parsed) };
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      const message = `PolyAI's answer to the request to ${operation.name} cannot be used: ${error.message}.`;
      const details: ErrorDetails = { kind: "invalid_response", ...known };
      return { failure: { message, details, mayHaveActed: true, transient: true } };
    }
  }
  const told = readErrorBody(body.toString("utf8"), parsed);
  const kind = kindOf(status, operation, told.documented);
  const retryAfter = parseRetryAfter(headers["retry-after"], now);
  return {
    failure: {
      message:
        kind === "redirect"
          ? `PolyAI answered with a redirect (status ${status}) to ${hostOf(headers["location"], baseUrl)}, which is not followed: the API key must not travel there. Check the base URL.`
          : status === 404 && kind !== "not_found"
            ? told.documented
              ? `This base URL has no such path: ${urlText(baseUrl)}. The request to ${operation.name} was answered with status 404 (Not Found). Check the base URL.`
              : `The answer to the request to ${operation.name} has status 404 (Not Found) and does not come from PolyAI, or from another address of its. Check the base URL, and proxies and gateways on the way.`
            : `PolyAI answered with status ${status}${nameOf(status)}.`,
      details: {
        kind,
        ...(kind === "redirect" ? {} : told.words),
        ...known,
      },
      mayHaveActed: mayHaveActed(status, operation),
      transient: RETRIED_STATUSES.has(status),
      retryAfter,
    },
  };
}

/** The JSON that a body is; undefined if it is none. */
function jsonIn(body: Buffer, fatal: boolean): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal }).decode(body));
  } catch {
    return undefined;
  }
}

const notJson = (body: Buffer): ShapeError =>
  new ShapeError(
    isMarkup(body.toString("latin1")) ? "it is a web page, not JSON" : "it is not JSON",
  );

/** Finds the signing secrets of an answer, before anything else sees them. */
function redactSecrets(answer: unknown, redact: (secret: string) => void): void {
  const values = [answer];
  for (const value of values) {
    if (typeof value !== "object" || value === null) continue;
    const { signing_secret: secret } = value as { readonly signing_secret?: unknown };
    if (typeof secret === "string") redact(secret);
    const parts: readonly unknown[] = Object.values(value);
    if (values.length < MOST_VALUES) values.push(...parts.slice(0, MOST_VALUES));
  }
}

export function correlationOf({ headers }: Pick<NoAnswer, "headers">): string | undefined {
  const value = headers?.[CORRELATION_HEADER];
  const id = typeof value === "string" ? quote(value, CORRELATION_ID_LIMIT) : "";
  return id === "" ? undefined : id;
}

/** Of a redirect only the host is told: the rest of its address may hold anything. */
function hostOf(location: unknown, baseUrl: URL): string {
  const unknown = "an unknown address";
  if (typeof location !== "string" || !URL.canParse(location, baseUrl.href)) return unknown;
  return quote(new URL(location, baseUrl).host) || unknown;
}

const nameOf = (status: number): string => {
  const name = STATUS_CODES[status];
  return name === undefined ? "" : ` (${name})`;
};
