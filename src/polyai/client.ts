import { setMaxListeners } from "node:events";
import type { AgentOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { API_KEY, LOOPBACK } from "../facts.js";
import { alertRules, alerts } from "./alert-rules.js";
import { ConfigError } from "./errors.js";
import { loadCall, loadProxy } from "./late.js";
import type { Call } from "./operation.js";
import type { Place } from "./regions.js";
import type { Transport, TransportOptions } from "./transport.js";
import { webhookEndpoints } from "./webhook-endpoints.js";

/** Takes the client's log lines. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface ClientOptions {
  readonly apiKey: string;
  /** For errors, completing "the API key from …": `the provider block's api_key argument`. */
  readonly apiKeySource: string;
  readonly place: Place;
  /** The number of retries after the first attempt. */
  readonly maxRetries: number;
  /** For one attempt, from connecting to the answer's last byte. */
  readonly requestTimeoutMs: number;
  readonly userAgent: string;
  /**
   * Is told the key and each signing secret that arrives. Errors and log lines may quote them: take
   * them out of whatever is shown.
   */
  readonly redact: (secret: string) => void;
  readonly logger?: Logger;
  /** Ends waits, retries and requests that may be repeated. A rotation or creation in flight finishes. */
  readonly signal?: AbortSignal;
}

/** Clock, randomness, sleep and deadlines; tests replace them. */
export interface Timing {
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Milliseconds on a clock that nobody sets, for durations. */
  readonly elapsed: () => number;
  readonly random: () => number;
  /** Settles after `ms`, or rejects as soon as the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Gives the signal that aborts when an attempt's time is over. */
  readonly deadline: (ms: number) => AbortSignal;
}

/** For tests. */
export interface Surroundings extends Partial<Timing> {
  /** How names are looked up. */
  readonly agentOptions?: AgentOptions;
  /** Makes the transport that carries requests, instead of HTTP. */
  readonly transport?: (options: TransportOptions) => Transport;
}

/**
 * PolyAI's API. A call is retried and bounded as retry.ts and operation.ts say; one that fails
 * throws a PolyaiError. The client holds its key in closures, which no inspection and no JSON shows.
 */
export class PolyaiClient {
  readonly webhookEndpoints: ReturnType<typeof webhookEndpoints>;
  readonly alertRules: ReturnType<typeof alertRules>;
  readonly alerts: ReturnType<typeof alerts>;
  /** The clock that its calls follow. */
  readonly timing: Timing;
  /** Closes the kept connections. A call made later opens new ones. */
  readonly close: () => void;

  /** @throws ConfigError for a key that no header can carry, or a bad HTTPS_PROXY */
  constructor(options: ClientOptions, surroundings: Surroundings = {}) {
    const { apiKey, apiKeySource, place, redact, signal } = options;
    assertKey(apiKey, apiKeySource);
    redact(apiKey);
    this.timing = {
      now: () => Date.now(),
      elapsed: () => performance.now(),
      random: Math.random,
      sleep: (ms, stop) => sleep(ms, undefined, stop && { signal: stop }),
      deadline: (ms) => AbortSignal.timeout(ms),
      ...surroundings,
    };
    const proxy = mayNeedProxy(place.url) ? loadProxy().proxyFor(place.url) : undefined;
    // Each call that waits listens to it, and 1,000 may wait at once.
    if (signal !== undefined) setMaxListeners(0, signal);
    let caller: ReturnType<ReturnType<typeof loadCall>["createCaller"]> | undefined;
    const call: Call = (operation) => {
      caller ??= loadCall().createCaller(options, this.timing, proxy, surroundings);
      return caller.call(operation);
    };
    this.webhookEndpoints = webhookEndpoints(call);
    this.alertRules = alertRules(call);
    this.alerts = alerts(call);
    this.close = () => caller?.close();
  }
}

/** Plain http goes to this machine only, and there is never a proxy for this machine. */
const mayNeedProxy = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" &&
  !LOOPBACK.test(hostname) &&
  Boolean(process.env["HTTPS_PROXY"] || process.env["https_proxy"]);

function assertKey(apiKey: string, source: string): void {
  if (API_KEY.test(apiKey)) return;
  throw new ConfigError(
    `The API key from ${source} must be one line of printable ASCII characters with no spaces, and not empty.`,
    "api_key",
  );
}
