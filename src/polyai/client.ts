import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { AlertRules } from "./alert-rules.js";
import { Alerts } from "./alerts.js";
import { createCall, type Timing } from "./call.js";
import { createAgents, type ConnectionOptions } from "./connection.js";
import { ConfigError } from "./errors.js";
import { silent, type Logger } from "./logger.js";
import { proxyFor } from "./proxy.js";
import { quoteWithout } from "./redaction.js";
import { parseBaseUrl, regionUrl, type Region } from "./regions.js";
import { WebhookEndpoints } from "./webhook-endpoints.js";

export interface ClientOptions {
  readonly apiKey: string;
  /** For errors, completing "the API key from …": `the provider block's api_key argument`. */
  readonly apiKeySource: string;
  readonly region: Region;
  /** Asked instead of the region's own URL; see {@link parseBaseUrl}. */
  readonly baseUrl?: string;
  /** How often a call is tried again after its first attempt. */
  readonly maxRetries: number;
  /** For one attempt, from connecting to the answer's last byte. */
  readonly requestTimeoutMs: number;
  readonly userAgent: string;
  readonly logger?: Logger;
  /** Ends waits and retries at once; requests in flight finish. */
  readonly signal?: AbortSignal;
}

/** What a client takes from its surroundings, for tests to replace. */
export interface Surroundings extends Timing, Pick<ConnectionOptions, "ca" | "lookup"> {
  /** Where HTTPS_PROXY and NO_PROXY are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * PolyAI's API. A call is retried and bounded as retry.ts and operation.ts say; one that fails
 * throws a PolyaiError. The client holds its key where no inspection and no JSON shows it.
 */
export class PolyaiClient {
  readonly webhookEndpoints: WebhookEndpoints;
  readonly alertRules: AlertRules;
  readonly alerts: Alerts;
  readonly #close: () => void;

  /** @throws ConfigError for a key that no header can carry, a bad base URL or a bad HTTPS_PROXY */
  constructor(options: ClientOptions, surroundings: Partial<Surroundings> = {}) {
    const { apiKey, apiKeySource, region } = options;
    assertKey(apiKey, apiKeySource);
    const baseUrl = parseBaseUrl(options.baseUrl ?? regionUrl(region));
    const {
      now = Date.now,
      random = Math.random,
      sleep: pause = sleepUntil,
      environment = process.env,
      ca,
      lookup,
    } = surroundings;
    const proxy = proxyFor(baseUrl, environment);
    const agents = createAgents(baseUrl.protocol === "https:", { proxy, ca, lookup });
    const call = createCall({
      baseUrl,
      headers: {
        Accept: "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": options.userAgent,
        "x-api-key": apiKey,
      },
      agents,
      maxRetries: options.maxRetries,
      timeoutMs: options.requestTimeoutMs,
      logger: options.logger ?? silent,
      stop: options.signal === undefined ? undefined : relay(options.signal),
      quote: quoteWithout(apiKey),
      region,
      apiKeySource,
      timing: { now, random, sleep: pause },
    });
    this.webhookEndpoints = new WebhookEndpoints(call);
    this.alertRules = new AlertRules(call);
    this.alerts = new Alerts(call);
    this.#close = () => {
      agents.pooled.destroy();
      agents.single.destroy();
    };
  }

  /** Closes the kept connections. A call made later opens new ones. */
  close(): void {
    this.#close();
  }
}

/** A signal of the client's own: each call that waits listens to it, and 1,000 may wait at once. */
function relay(signal: AbortSignal): AbortSignal {
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  signal.addEventListener("abort", () => own.abort(), { once: true });
  if (signal.aborted) own.abort();
  return own.signal;
}

const sleepUntil: Timing["sleep"] = async (ms, signal) => {
  await sleep(ms, undefined, signal === undefined ? {} : { signal });
};

/** RFC 9110, section 5.5, without the characters that no key holds but that a careless copy adds. */
function assertKey(apiKey: string, source: string): void {
  const problem = keyProblem(apiKey);
  if (problem === undefined) return;
  throw new ConfigError(
    `The API key from ${source} ${problem}. It must be one line of printable ASCII characters with no spaces.`,
  );
}

function keyProblem(apiKey: string): string | undefined {
  if (apiKey === "") return "is empty";
  if (/[\r\n]/.test(apiKey)) return "contains a line break";
  if (/\s/.test(apiKey)) return "contains a space";
  return /^[\x21-\x7e]+$/.test(apiKey)
    ? undefined
    : "contains a character that no HTTP header can carry";
}
