import { API_KEY_HEADER } from "../facts.js";
import { classify, correlationOf, type Failure, type Outcome } from "./classify.js";
import type { ClientOptions, Surroundings, Timing } from "./client.js";
import { PolyaiError } from "./errors.js";
import { pathOf, type Operation } from "./operation.js";
import { quote } from "./quote.js";
import { RETRY_WINDOW_MS, waitBefore } from "./retry.js";
import { createTransport } from "./transport.js";

/**
 * Makes the function that sends operations. It retries what may pass by itself, as often as
 * `maxRetries` and {@link RETRY_WINDOW_MS} allow and until `stop`, which ends a wait at once. When
 * one attempt fails, its connection is destroyed before the next begins.
 */
export function createCaller(
  options: ClientOptions,
  timing: Timing,
  proxy: URL | undefined,
  surroundings: Surroundings,
) {
  const { logger, signal: stop, maxRetries, place, apiKeySource, redact } = options;
  const transport = (surroundings.transport ?? createTransport)({
    baseUrl: place.url,
    headers: {
      Accept: "application/json",
      "Accept-Encoding": "identity",
      "User-Agent": options.userAgent,
      [API_KEY_HEADER]: options.apiKey,
    },
    timeoutMs: options.requestTimeoutMs,
    deadline: timing.deadline,
    stop,
    proxy,
    agentOptions: surroundings.agentOptions,
  });

  const call = async <T>(operation: Operation<T>): Promise<T> => {
    const started = timing.elapsed();
    let ambiguous = false;
    const error = ({ message, details }: Pick<Failure, "message" | "details">, attempts: number) =>
      new PolyaiError(message, { ...details, ambiguous, attempts, place, apiKeySource });

    const path = pathOf(operation);
    if (path === undefined) {
      const message = `The request to ${operation.name} was not sent: "${quote(operation.id ?? "", 100)}" is not an id of PolyAI's.`;
      throw error({ message, details: { kind: "invalid_id" } }, 0);
    }
    if (stop?.aborted) {
      const message = `Stopped before the request to ${operation.name} was sent.`;
      throw error({ message, details: { kind: "cancelled" } }, 0);
    }
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(operation, path, attempt);
      if ("value" in outcome) return outcome.value;

      const { failure } = outcome;
      ambiguous ||= failure.mayHaveActed && operation.repeat !== "safe";

      const again = failure.transient && (operation.repeat !== "once" || !failure.mayHaveActed);
      if (!again || attempt > maxRetries || stop?.aborted) throw error(failure, attempt);
      const wait = waitBefore(attempt, failure.retryAfter, timing.random);
      if (timing.elapsed() + wait - started > RETRY_WINDOW_MS) throw error(failure, attempt);
      logger?.warn(`Trying again to ${operation.name}`, {
        reason: failure.message,
        retry: attempt,
        of: maxRetries,
        wait_ms: wait,
        retry_after_ms: failure.retryAfter,
        correlation_id: failure.details.correlationId,
      });
      await timing.sleep(wait, stop).catch(() => undefined);
      if (stop?.aborted) throw error(failure, attempt);
    }
  };

  const attemptOnce = async <T>(
    operation: Operation<T>,
    path: string,
    attempt: number,
  ): Promise<Outcome<T>> => {
    const begun = timing.elapsed();
    // An attempt that is not repeated must not fail for a stale connection.
    const last = operation.repeat === "once" || attempt > maxRetries;
    const answer = await transport.send(operation, path, last);
    const outcome = classify(operation, answer, { baseUrl: place.url, redact }, timing.now());
    logger?.debug(`${operation.method} ${path}`, {
      attempt,
      status: answer.status,
      failure: "failure" in outcome ? outcome.failure.message : undefined,
      duration_ms: Math.round(timing.elapsed() - begun),
      correlation_id: correlationOf(answer),
    });
    return outcome;
  };

  return {
    call,
    /** Closes the kept connections. */
    close: transport.close,
  };
}
