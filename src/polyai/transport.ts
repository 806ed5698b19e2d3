import axios, { type AxiosError } from "axios";
import * as http from "node:http";
import * as https from "node:https";
import type { LookupFunction } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import type { ErrorKind } from "./errors.js";
import { loadProxy } from "./late.js";
import type { Operation } from "./operation.js";

/** The most bytes of an answer that are read, once decompressed: 1 MiB. */
export const BODY_LIMIT = 1024 * 1024;

/** For connecting, within the limit of the whole attempt. */
const CONNECT_TIMEOUT_MS = 10_000;

/** An answer that arrived. Of an error's body, what could be read. */
export interface Answer {
  readonly answered: true;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** No answer, or the headers of a success whose body did not arrive. */
export interface NoAnswer {
  readonly answered: false;
  readonly kind: Extract<
    ErrorKind,
    "network" | "timeout" | "tls" | "proxy" | "invalid_response" | "cancelled"
  >;
  /** Completes "The request failed: …". */
  readonly reason: string;
  /** True if any of the request may have reached the API. */
  readonly sent: boolean;
  readonly transient: boolean;
  readonly status?: number;
  readonly headers?: Answer["headers"];
}

export interface TransportOptions {
  readonly baseUrl: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For one attempt, from connecting to the answer's last byte. */
  readonly timeoutMs: number;
  /** Gives the signal that aborts when an attempt's time is over. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Ends requests that may be repeated. */
  readonly stop: AbortSignal | undefined;
  readonly proxy: URL | undefined;
  /** For tests: certificates to trust, and how names are looked up. */
  readonly agentOptions: https.AgentOptions | undefined;
}

export interface Transport {
  /** Sends a request once. It never throws, and no error of axios leaves it: they hold the key. */
  readonly send: (
    operation: Operation<unknown>,
    path: string,
    /** Opens a connection of its own: the other side may be closing a kept one at this moment. */
    fresh: boolean,
  ) => Promise<Answer | NoAnswer>;
  /** Closes the kept connections. */
  readonly close: () => void;
}

export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, headers, timeoutMs, deadline, stop, proxy } = options;
  const [kept, single] = [createAgent(options, true), createAgent(options, false)];
  const api = axios.create({
    baseURL: baseUrl.href,
    allowAbsoluteUrls: false,
    headers: { ...headers },
    responseType: "stream",
    maxContentLength: BODY_LIMIT,
    maxBodyLength: BODY_LIMIT,
    // A redirect may point to another host, and the key must not go there.
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });

  return {
    send: async ({ method, query, body, repeat }, path, fresh) => {
      const agent = fresh ? single : kept;
      // axios' own timeout ends with the answer's headers, this one with its last byte.
      const limit = deadline(timeoutMs);
      const request = new AbortController();
      const end = (): void => request.abort();
      limit.addEventListener("abort", end);
      if (repeat === "safe" || repeat === "idempotent") stop?.addEventListener("abort", end);
      const failure = (thrown: unknown, sent = wasSent(thrown as AxiosError)): NoAnswer => ({
        answered: false,
        sent,
        ...(limit.aborted
          ? { kind: "timeout", reason: timedOut(sent, timeoutMs), transient: true }
          : request.signal.aborted
            ? { kind: "cancelled", reason: "it was stopped", transient: false }
            : explain(thrown as AxiosError, sent, proxy)),
      });
      try {
        const response = await api.request<Readable>({
          method,
          url: path,
          params: query,
          data: body,
          signal: request.signal,
          httpAgent: agent,
          httpsAgent: agent,
        });
        const answer = { status: response.status, headers: response.headers };
        try {
          return { answered: true, ...answer, body: await buffer(response.data) };
        } catch (error) {
          // Whatever its body says, the status of an error tells what became of the request.
          return answer.status >= 300
            ? { answered: true, ...answer, body: Buffer.alloc(0) }
            : { ...failure(error, true), ...answer };
        }
      } catch (error) {
        return failure(error);
      } finally {
        stop?.removeEventListener("abort", end);
      }
    },
    close: () => {
      kept.destroy();
      single.destroy();
    },
  };
}

const timedOut = (sent: boolean, limitMs: number): string =>
  `no ${sent ? "complete answer" : "connection"} within ${limitMs / 1000} s`;

function createAgent(
  { baseUrl, proxy, timeoutMs, agentOptions }: TransportOptions,
  keepAlive: boolean,
): http.Agent {
  if (baseUrl.protocol === "http:") return new http.Agent({ keepAlive, lookup: thisMachine });
  const timeout = Math.min(CONNECT_TIMEOUT_MS, timeoutMs);
  const options: https.AgentOptions = {
    keepAlive,
    // `wasSent` relies on it, too: NODE_TLS_REJECT_UNAUTHORIZED=0 must not give the key away.
    rejectUnauthorized: true,
    // Node's 250 ms are too short for a distant host that has an unreachable address, too.
    autoSelectFamilyAttemptTimeout: Math.floor(timeout / 3),
    ...agentOptions,
  };
  return limitConnecting(
    proxy === undefined
      ? new https.Agent(options)
      : loadProxy().proxyAgent(proxy, { ...options, timeout }),
  );
}

/** Plain http goes to this machine only, whatever a resolver says of `localhost`. */
const thisMachine: LookupFunction = (_host, { all }, callback) =>
  all === true
    ? callback(null, [
        { address: "127.0.0.1", family: 4 },
        { address: "::1", family: 6 },
      ])
    : callback(null, "127.0.0.1", 4);

/** The system's own limit is minutes. */
function limitConnecting(agent: https.Agent): https.Agent {
  const connect = agent.createConnection.bind(agent);
  const limit = (socket: Duplex): Duplex => {
    const error = Object.assign(new Error("no connection"), { code: "ETIMEDOUT" });
    const timer = setTimeout(() => socket.destroy(error), CONNECT_TIMEOUT_MS);
    const done = (): void => clearTimeout(timer);
    return socket.once("secureConnect", done).once("close", done);
  };
  agent.createConnection = (options, callback) => {
    const socket = connect(options, (error, made) =>
      callback?.(error, error === null ? limit(made) : made),
    );
    return socket ? limit(socket) : socket;
  };
  return agent;
}

/**
 * True if any of a request may have left. None did without a socket, over a TLS connection whose
 * certificate was not accepted, or if nobody listens.
 */
function wasSent(error: AxiosError): boolean {
  const socket = (error.request as http.ClientRequest | undefined)?.socket;
  if (!socket || codeOf(error) === "ECONNREFUSED") return false;
  return (socket as Partial<TLSSocket>).authorized !== false;
}

function explain(
  error: AxiosError,
  sent: boolean,
  proxy: URL | undefined,
): Pick<NoAnswer, "kind" | "reason" | "transient"> {
  const code = codeOf(error);
  if (sent) {
    if (code === "ERR_BAD_RESPONSE") {
      const reason = `the answer is larger than ${BODY_LIMIT / 1024 / 1024} MiB`;
      return { kind: "invalid_response", reason, transient: true };
    }
    if (/^(?:HPE_|Z_|ERR_)/.test(code)) {
      const reason = `the answer cannot be read (${code})`;
      return { kind: "invalid_response", reason, transient: true };
    }
    return { kind: "network", reason: describe(code), transient: true };
  }
  const { message } = error.cause ?? error;
  if (proxy !== undefined && !(error.request as http.ClientRequest | undefined)?.socket) {
    return { kind: "proxy", ...explainProxy(message, code, proxy) };
  }
  if (isTlsCode(code)) return { kind: "tls", reason: message, transient: false };
  return {
    kind: code === "ETIMEDOUT" ? "timeout" : "network",
    reason: describe(code),
    transient: true,
  };
}

function explainProxy(
  message: string,
  code: string,
  { host }: URL,
): Pick<NoAnswer, "reason" | "transient"> {
  const named = `the proxy ${host} (from HTTPS_PROXY)`;
  const status = Number(/^Bad response: (\d+)$/.exec(message)?.[1] ?? 0);
  if (status === 0) {
    return { reason: `${named} cannot be reached (${code})`, transient: !isTlsCode(code) };
  }
  const hint = status === 407 ? ": it wants a user name and password" : "";
  return {
    reason: `${named} refused to connect with status ${status}${hint}`,
    transient: status >= 500 || status === 429 || status === 408,
  };
}

/** A system or library error's code; `ECONNRESET` for a connection that just ended. */
const codeOf = ({ code, cause }: AxiosError): string => {
  const found = (cause as NodeJS.ErrnoException | undefined)?.code ?? code;
  return found === undefined || found === "ERR_CANCELED" ? "ECONNRESET" : found;
};

/** True for a code of TLS or a certificate, which will not pass by itself, unlike a system's. */
const isTlsCode = (code: string): boolean => !/^(?:E(?!PROTO$)[A-Z0-9]+|EAI_[A-Z]+)$/.test(code);

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

const describe = (code: string): string =>
  `${DESCRIPTIONS[code] ?? "the connection failed"} (${code})`;
