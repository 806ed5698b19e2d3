import type { AxiosResponse, AxiosStatic } from "axios";
import * as http from "node:http";
import * as https from "node:https";
import type { Readable } from "node:stream";
import { ConnectError, codeOf, type Agents, type ConnectHints } from "./connection.js";
import type { ErrorKind } from "./errors.js";

/** The most bytes of an answer that are read, once decompressed: 1 MiB. */
export const BODY_LIMIT = 1024 * 1024;

/** How long making a connection may take, within the attempt's own limit, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly agents: Agents;
  /** Whether a kept connection may be used, which the other side may be closing at this moment. */
  readonly reuseConnection: boolean;
  /** For the whole of it, from connecting to the answer's last byte. */
  readonly timeoutMs: number;
}

/** An answer that arrived. Of an error's body, what could be read. */
export interface Answer {
  readonly answered: true;
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** No answer, or the headers of a success whose body did not arrive. */
export interface NoAnswer {
  readonly answered: false;
  readonly kind: Extract<
    ErrorKind,
    "network" | "timeout" | "tls" | "proxy" | "invalid_response" | "redirect"
  >;
  /** Completes "The request failed: …". */
  readonly reason: string;
  /** Whether any of the request may have reached the API. */
  readonly sent: boolean;
  readonly transient: boolean;
  readonly status?: number;
  readonly headers?: http.IncomingHttpHeaders;
}

/**
 * Makes one request, and settles when its answer is read or its connection is gone. It never
 * throws, and nothing of axios leaves it: axios' errors hold the request's headers.
 */
export async function exchange(request: Request): Promise<Answer | NoAnswer> {
  const attempt = new Attempt(request);
  try {
    const response = await attempt.send();
    try {
      const body = await readBody(response.data);
      attempt.complete = true;
      return answerOf(response, body);
    } catch (error) {
      // Whatever its body says, the status of an error tells what became of the request.
      if (response.status >= 300) return answerOf(response, Buffer.alloc(0));
      return {
        ...attempt.failure(error),
        status: response.status,
        headers: headersOf(response),
      };
    } finally {
      response.data.on("error", () => undefined).destroy();
    }
  } catch (error) {
    return attempt.failure(error);
  } finally {
    await attempt.end();
  }
}

class TooLarge extends Error {}

async function readBody(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const headersOf = (response: AxiosResponse<Readable>): http.IncomingHttpHeaders =>
  response.headers as http.IncomingHttpHeaders;

const answerOf = (response: AxiosResponse<Readable>, body: Buffer): Answer => ({
  answered: true,
  status: response.status,
  headers: headersOf(response),
  body,
});

class Attempt {
  /** Whether the answer was read to its end: its connection may then be kept. */
  complete = false;
  readonly #request: Request;
  readonly #abort = new AbortController();
  #connectTimer: NodeJS.Timeout | undefined;
  #answerTimer: NodeJS.Timeout | undefined;
  #timedOutAfterMs: number | undefined;
  #native: http.ClientRequest | undefined;
  #sent = false;

  constructor(request: Request) {
    this.#request = request;
  }

  async send(): Promise<AxiosResponse<Readable>> {
    const { method, url, headers, body, timeoutMs } = this.#request;
    this.#answerTimer = this.#giveUpAfter(timeoutMs);
    if (timeoutMs > CONNECT_TIMEOUT_MS) {
      this.#connectTimer = this.#giveUpAfter(CONNECT_TIMEOUT_MS);
    }
    return loadAxios().request<Readable>({
      method,
      url: url.href,
      headers: { ...headers },
      data: body,
      responseType: "stream",
      signal: this.#abort.signal,
      transport: { request: this.#start },
      // Where a redirect points may be another's host: the key must not go there.
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
    });
  }

  readonly #start = (
    options: https.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const { url, agents, reuseConnection } = this.#request;
    const hints: ConnectHints = { connectSignal: this.#abort.signal };
    const native = (url.protocol === "https:" ? https : http).request(
      {
        ...options,
        ...hints,
        port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port),
        agent: reuseConnection ? agents.pooled : agents.single,
      },
      onResponse,
    );
    this.#native = native;
    native.once("socket", (socket) => {
      clearTimeout(this.#connectTimer);
      // Lost between its agent and here, it would give no more news of itself.
      if (socket.destroyed) this.#abort.abort();
      else this.#sent = true;
    });
    return native;
  };

  /** Settles when the connection can carry nothing more of this attempt. */
  async end(): Promise<void> {
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#answerTimer);
    const native = this.#native;
    if (this.complete || native === undefined) return;
    this.#abort.abort();
    const { socket } = native;
    native.destroy();
    if (socket === null || socket.closed) return;
    socket.destroy();
    await new Promise((resolve) => socket.once("close", resolve));
  }

  failure(thrown: unknown): NoAnswer {
    const sent = this.#sent;
    const error = causeOf(thrown);
    if (this.#timedOutAfterMs !== undefined) {
      const reason = `no ${sent ? "complete answer" : "connection"} within ${this.#timedOutAfterMs / 1000} s`;
      return { answered: false, kind: "timeout", reason, sent, transient: true };
    }
    if (error instanceof TooLarge) {
      const reason = `the answer is larger than ${BODY_LIMIT / 1024 / 1024} MiB`;
      return { answered: false, kind: "invalid_response", reason, sent, transient: true };
    }
    if (error instanceof ConnectError) {
      const { phase, message: reason, transient } = error;
      return {
        answered: false,
        kind: phase === "connect" ? "network" : phase,
        reason: phase === "connect" ? describe(error.code, reason) : reason,
        sent: false,
        transient,
      };
    }
    const code = codeOf(error).replace(/^ERR_CANCELED$/, "ECONNRESET");
    if (/^(?:HPE_|Z_|ERR_)/.test(code)) {
      const reason = `the answer cannot be read (${code})`;
      return { answered: false, kind: "invalid_response", reason, sent, transient: true };
    }
    return { answered: false, kind: "network", reason: describe(code), sent, transient: true };
  }

  #giveUpAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timedOutAfterMs = ms;
      this.#abort.abort(new Error("timed out"));
    }, ms);
  }
}

/** axios wraps what it gets in an error of its own. */
const causeOf = (thrown: unknown): unknown => {
  const cause = (thrown as { readonly cause?: unknown } | undefined)?.cause;
  return cause instanceof Error ? cause : thrown;
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was closed before the whole answer arrived",
  EPIPE: "the connection was closed while the request was sent",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "the connection timed out",
};

const describe = (code: string, otherwise = "the connection failed"): string => {
  const text = DESCRIPTIONS[code] ?? otherwise;
  return text === code ? `the connection failed (${code})` : `${text} (${code})`;
};

let axios: AxiosStatic | undefined;

/** Loaded at the first request: loading takes longer than the provider's whole start. */
const loadAxios = (): AxiosStatic =>
  // import() would split the bundle in two.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  (axios ??= (require("axios") as { readonly default: AxiosStatic }).default);
