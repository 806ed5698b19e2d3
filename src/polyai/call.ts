import type { Agents } from "./connection.js";
import { CORRELATION_ID_LIMIT, isMarkup, readErrorBody } from "./error-body.js";
import { kindOfStatus, PolyaiError, type ErrorDetails } from "./errors.js";
import { exchange, type Answer, type NoAnswer } from "./exchange.js";
import type { Logger } from "./logger.js";
import { pathOf, type Call, type Operation } from "./operation.js";
import type { Quote } from "./redaction.js";
import type { Region } from "./regions.js";
import { parseRetryAfter, RETRY_WINDOW_MS, waitBefore } from "./retry.js";
import { ShapeError } from "./shape.js";

/** What time and chance are to a client. */
export interface Timing {
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  /** Settles after `ms`, or rejects as soon as the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface CallSettings {
  readonly baseUrl: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agents: Agents;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly stop: AbortSignal | undefined;
  readonly quote: Quote;
  readonly region: Region;
  readonly apiKeySource: string;
  readonly timing: Timing;
}

/** How one attempt failed. */
interface Failure {
  /** A sentence. */
  readonly message: string;
  readonly details: ErrorDetails;
  /** Whether the API may have done what was asked. */
  readonly mayHaveActed: boolean;
  readonly transient: boolean;
  readonly retryAfter?: number | undefined;
}

type Verdict<T> = { readonly value: T } | { readonly failure: Failure };

/**
 * Makes the function that sends operations. It retries what may pass by itself, as often as
 * `maxRetries` and {@link RETRY_WINDOW_MS} allow and until `stop`, which ends a wait at once and
 * lets a request in flight finish. When one attempt fails, its connection is gone before the next
 * begins.
 */
export function createCall(settings: CallSettings): Call {
  return async <T>(operation: Operation<T>): Promise<T> => {
    const { logger, stop, maxRetries, timing } = settings;
    const started = timing.now();
    let ambiguous = false;

    const give = ({ message, details }: Failure, attempts: number, interrupted: boolean) =>
      new PolyaiError(message, details, {
        ambiguous,
        attempts,
        interrupted,
        region: settings.region,
        apiKeySource: settings.apiKeySource,
      });

    const path = pathOf(operation);
    if (path === undefined) throw give(invalidId(operation, settings), 0, false);
    if (stop?.aborted) throw give(stopped(operation), 0, true);
    for (let attempt = 1; ; attempt++) {
      const verdict = await attemptOnce(operation, path, attempt, settings);
      if ("value" in verdict) return verdict.value;

      const { failure } = verdict;
      if (attempt > 1 && failure.details.kind === "not_found" && operation.whenGone) {
        return operation.whenGone();
      }
      ambiguous ||= failure.mayHaveActed && operation.repeat !== "safe";

      const again = failure.transient && (operation.repeat !== "once" || !failure.mayHaveActed);
      if (!again || attempt > maxRetries) throw give(failure, attempt, false);
      const wait = waitBefore(attempt, failure.retryAfter, timing.random);
      if (timing.now() + wait - started > RETRY_WINDOW_MS) throw give(failure, attempt, false);
      if (stop?.aborted) throw give(failure, attempt, true);
      logger.warn(`Trying again to ${operation.name}`, {
        reason: failure.message,
        retry: attempt,
        of: maxRetries,
        wait_ms: wait,
        retry_after_ms: failure.retryAfter,
        correlation_id: failure.details.correlationId,
      });
      try {
        await timing.sleep(wait, stop);
      } catch {
        throw give(failure, attempt, true);
      }
      if (stop?.aborted) throw give(failure, attempt, true);
    }
  };
}

const stopped = ({ name }: Operation<unknown>): Failure => ({
  message: `Stopped before the request to ${name} was sent.`,
  details: { kind: "cancelled" },
  mayHaveActed: false,
  transient: false,
});

const invalidId = ({ name, id = "" }: Operation<unknown>, { quote }: CallSettings): Failure => ({
  message: `The request to ${name} was not sent: "${quote(id, [], 100)}" is not an id of PolyAI's.`,
  details: { kind: "invalid_id" },
  mayHaveActed: false,
  transient: false,
});

async function attemptOnce<T>(
  operation: Operation<T>,
  path: string,
  attempt: number,
  settings: CallSettings,
): Promise<Verdict<T>> {
  const { headers, agents, timeoutMs, logger, timing } = settings;
  const body = operation.body === undefined ? undefined : JSON.stringify(operation.body);
  const begun = timing.now();
  const outcome = await exchange({
    method: operation.method,
    url: urlOf(path, operation.query, settings.baseUrl),
    headers: body === undefined ? headers : { ...headers, "Content-Type": "application/json" },
    body,
    agents,
    reuseConnection: operation.repeat !== "once",
    timeoutMs,
  });
  const verdict = outcome.answered
    ? judgeAnswer(operation, outcome, settings)
    : { failure: judgeNoAnswer(outcome, settings) };
  logger.debug(`${operation.method} ${path}`, {
    attempt,
    status: outcome.status,
    failure: "failure" in verdict ? verdict.failure.message : undefined,
    duration_ms: timing.now() - begun,
    correlation_id: correlationOf(outcome, settings),
  });
  return verdict;
}

function urlOf(path: string, query: Operation<unknown>["query"] = {}, baseUrl: URL): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Whether what answers with this status may have done what was asked. A 5xx says that something
 * broke, at any point; a gateway's 502 or 504 that it lost the API on the way. 503 is a server that
 * turns work away, 408 one that waited for the request in vain (RFC 9110, sections 15.6.4 and
 * 15.5.9). 303 is what a request that acted may answer.
 */
const mayHaveActed = (status: number): boolean =>
  status < 300 || status === 303 || (status >= 500 && status !== 503);

function judgeAnswer<T>(
  operation: Operation<T>,
  { status, headers, body }: Answer,
  settings: CallSettings,
): Verdict<T> {
  const { quote, timing } = settings;
  const correlationId = correlationOf({ headers }, settings);
  const known = { status, ...(correlationId === undefined ? {} : { correlationId }) };
  if (status < 300) {
    try {
      return { value: operation.read(parseJson(body)) };
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      const message = `PolyAI's answer to the request to ${operation.name} cannot be used: ${error.message}.`;
      const details: ErrorDetails = { kind: "invalid_response", ...known };
      return { failure: { message, details, mayHaveActed: true, transient: true } };
    }
  }
  const kind = kindOfStatus(status);
  return {
    failure: {
      message:
        kind === "redirect"
          ? `PolyAI answered with a redirect (status ${status}) to ${hostOf(headers.location, settings)}, which is not followed: the API key must not travel there. Check the base URL.`
          : `PolyAI answered with status ${status}${nameOf(status)}.`,
      details: { kind, ...(kind === "redirect" ? {} : readErrorBody(body, quote)), ...known },
      mayHaveActed: mayHaveActed(status),
      transient: RETRIED_STATUSES.has(status),
      retryAfter: parseRetryAfter(headers["retry-after"], timing.now()),
    },
  };
}

function judgeNoAnswer(outcome: NoAnswer, settings: CallSettings): Failure {
  const { kind, status, sent, transient } = outcome;
  const correlationId = correlationOf(outcome, settings);
  return {
    message: `The request to ${settings.baseUrl.host} failed: ${settings.quote(outcome.reason)}.`,
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

function correlationOf(
  { headers }: Pick<NoAnswer, "headers">,
  { quote }: CallSettings,
): string | undefined {
  const value = headers?.["x-polyai-correlation-id"];
  const id = typeof value === "string" ? quote(value, [], CORRELATION_ID_LIMIT) : "";
  return id === "" ? undefined : id;
}

/** Of a redirect only the host is told: the rest of its address may hold anything. */
function hostOf(location: string | undefined, { baseUrl, quote }: CallSettings): string {
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
