import axios, { type AxiosError } from "axios";
import * as http from "node:http";
import * as https from "node:https";
import type { LookupFunction } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { allAuthorities, firstAuthorities, type Authorities } from "./authorities.js";
import type { ErrorKind } from "./errors.js";
import { loadProxy } from "./late.js";
import type { Operation } from "./operation.js";
import { BODY_LIMIT, explain, wasSent } from "./transport-failure.js";

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
  /** True if no trusted authority vouches for the other side's certificate. */
  readonly untrusted?: boolean;
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
  /** For tests: how names are looked up. */
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

/** If the authorities at hand do not vouch for the other side, tries all that this machine has. */
export function createTransport(options: TransportOptions): Transport {
  const open = (authorities: Authorities | undefined) => ({
    authorities,
    transport: connectWith(options, authorities),
  });
  let current = open(options.baseUrl.protocol === "https:" ? firstAuthorities() : undefined);
  return {
    send: async (...request) => {
      const used = current;
      const answer = await used.transport.send(...request);
      if (answer.answered || !answer.untrusted || used.authorities?.areAll) return answer;
      // Another call may have done it meanwhile.
      if (current === used) current = open(allAuthorities());
      return current.transport.send(...request);
    },
    close: () => current.transport.close(),
  };
}

function connectWith(options: TransportOptions, authorities: Authorities | undefined): Transport {
  const { baseUrl, headers, timeoutMs, deadline, stop, proxy } = options;
  const [kept, single] = [true, false].map((keepAlive) =>
    createAgent(options, authorities, keepAlive),
  ) as [http.Agent, http.Agent];
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
            : explain(thrown as AxiosError, sent, proxy, authorities)),
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
  authorities: Authorities | undefined,
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
    ...(authorities?.context && { secureContext: authorities.context }),
    ...agentOptions,
  };
  return limitConnecting(
    proxy === undefined
      ? new https.Agent(options)
      : new (loadProxy().ProxyAgent)(proxy, { ...options, timeout }),
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
