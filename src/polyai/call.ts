import type { Agents } from "./connection.js";
import { PolyaiError } from "./errors.js";
import { exchange } from "./exchange.js";
import { correlationOf, judgeAnswer, judgeNoAnswer, type Failure, type Verdict } from "./judge.js";
import type { Logger } from "./logger.js";
import { pathOf, type Call, type Operation } from "./operation.js";
import type { Quote } from "./redaction.js";
import type { Region } from "./regions.js";
import { RETRY_WINDOW_MS, waitBefore } from "./retry.js";

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
    ? judgeAnswer(operation, outcome, settings, timing.now())
    : { failure: judgeNoAnswer(outcome, settings) };
  logger.debug(`${operation.method} ${path}`, {
    attempt,
    status: outcome.status,
    failure: "failure" in verdict ? verdict.failure.message : undefined,
    duration_ms: timing.now() - begun,
    // Looked at by a logger that writes the line: cleaning takes longer than all the rest of it.
    get correlation_id() {
      return correlationOf(outcome, settings.quote);
    },
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
