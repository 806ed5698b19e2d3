/** The API key that a simulator takes by default. It opens nothing else. */
export const DEMO_API_KEY = "polyai-simulator-demo-key";

export interface SimulatorOptions {
  /** Port on 127.0.0.1. A free one by default. */
  readonly port?: number;
  /**
   * The API key of the account; any other is refused. {@link DEMO_API_KEY} by default. Start
   * another simulator for another account.
   */
  readonly apiKey?: string;
  /** Milliseconds that every call of the API takes. 0 by default. */
  readonly latencyMs?: number;
  /**
   * The URLs that deliveries really go to: a loopback URL (`http://127.0.0.1:8080/hook`) for an endpoint's
   * URL, for its origin (`https://example.com`), or for `*`, every endpoint. The API itself takes
   * https URLs only, and so does the simulator; without this setting nothing is sent anywhere.
   */
  readonly deliverTo?: Readonly<Record<string, string>>;
  /**
   * A clock to use instead of the system's. With it the simulator sets no timers: delays and retries
   * wait for `advance`.
   */
  readonly now?: () => Date;
}

/** One call of the API. It never holds an API key, a secret, a header or a body. */
export interface RequestLogEntry {
  /** The answer's `X-PolyAI-Correlation-Id`. */
  readonly correlationId: string;
  readonly method: string;
  /** Path without query string. */
  readonly path: string;
  /** The document's `operationId`; null for a path that is none of the API's. */
  readonly operation: string | null;
  /** The endpoint's or rule's id in the path. */
  readonly resourceId: string | null;
  /** Status that was answered; null if no answer was begun. */
  readonly status: number | null;
  /** True if the operation was carried out, whatever the caller got to see of it. */
  readonly acted: boolean;
  /** Kind of the fault that it met. */
  readonly fault: string | null;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** When the answer was out or the connection gone; null before. */
  readonly endedAt: number | null;
}
