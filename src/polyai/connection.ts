import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import * as tls from "node:tls";
import type { Duplex } from "node:stream";
import type { Proxy } from "./proxy.js";
import { isLoopback } from "./regions.js";

/** Which step of making a connection failed. */
export type ConnectPhase = "connect" | "proxy" | "tls";

/** No connection came about: nothing of the request was sent. */
export class ConnectError extends Error {
  constructor(
    readonly phase: ConnectPhase,
    readonly code: string,
    message: string,
    /** Whether trying again may help. */
    readonly transient: boolean,
  ) {
    super(message);
  }
}

export interface ConnectionOptions {
  readonly proxy?: Proxy | undefined;
  /** Certificates to trust instead of the system's, in PEM. */
  readonly ca?: string | undefined;
  readonly lookup?: net.LookupFunction | undefined;
}

/** What a request adds for the agents below. */
export interface ConnectHints {
  /** Ends an attempt at connecting. */
  readonly connectSignal: AbortSignal;
}

type Target = ConnectHints & { readonly host: string; readonly port: number };

export interface Agents {
  /** Keeps connections for the next request. */
  readonly pooled: http.Agent;
  /** A new connection for each request. */
  readonly single: http.Agent;
}

/**
 * Agents whose requests get a socket only once it is established: connected, through the proxy
 * where there is one, the certificate verified. A request that has no socket yet was therefore not
 * sent, and may be repeated whatever it does.
 *
 * The tunnel is not axios' own, which opens a new connection for each request, passes a proxy's
 * refusal off as the API's answer, and leaves its socket open when the request is given up.
 */
export function createAgents(secure: boolean, options: ConnectionOptions): Agents {
  const dial = secure
    ? async (target: Target) =>
        secured(await (options.proxy ? tunnelled : direct)(target, options), target, options)
    : async (target: Target) => loopbackOnly(await direct(target, options));
  const make = (keepAlive: boolean): http.Agent => {
    // Node gives an agent's requests the protocol of its class.
    const agent = secure ? new https.Agent({ keepAlive }) : new http.Agent({ keepAlive });
    agent.createConnection = (given, callback) => {
      dial(given as unknown as Target).then(
        (socket) => callback?.(null, socket),
        (error: unknown) => callback?.(error as Error, undefined as unknown as Duplex),
      );
      return undefined;
    };
    return agent;
  };
  return { pooled: make(true), single: make(false) };
}

const direct = (
  { host, port, connectSignal }: Target,
  { lookup }: ConnectionOptions,
): Promise<net.Socket> =>
  established(
    net.connect({ host, port, noDelay: true, ...(lookup ? { lookup } : {}) }),
    "connect",
    connectSignal,
  );

/** `localhost` is what the resolver says it is. */
function loopbackOnly(socket: net.Socket): net.Socket {
  const address = socket.remoteAddress ?? "";
  if (isLoopback(address) || address === "::1") return socket;
  socket.destroy();
  throw new ConnectError(
    "connect",
    "ENOTLOOPBACK",
    `the host is not this machine (it resolves to ${address}), and plain http goes no further`,
    false,
  );
}

function tunnelled(
  { host, port, connectSignal }: Target,
  { proxy, ca, lookup }: ConnectionOptions & { readonly proxy?: Proxy | undefined },
): Promise<net.Socket> {
  const { url, authorization } = proxy as Proxy;
  const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const request = (url.protocol === "https:" ? https : http).request({
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? undefined : Number(url.port),
    method: "CONNECT",
    path: authority,
    headers: {
      host: authority,
      ...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
    },
    agent: false,
    signal: connectSignal,
    ...(ca === undefined ? {} : { ca }),
    ...(lookup === undefined ? {} : { lookup }),
  });
  return new Promise((resolve, reject) => {
    request.once("connect", (response, socket) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        socket.on("error", ignore);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(
        new ConnectError(
          "proxy",
          `HTTP ${status}`,
          `the proxy ${url.host} (from HTTPS_PROXY) refused to connect with status ${status}${status === 407 ? ": it wants a user name and password" : ""}`,
          status >= 500 || status === 429 || status === 408,
        ),
      );
    });
    request.on("error", (error) => {
      const code = codeOf(error);
      reject(
        new ConnectError(
          "proxy",
          code,
          `the proxy ${url.host} (from HTTPS_PROXY) cannot be reached (${code})`,
          !isTlsCode(code),
        ),
      );
    });
    request.end();
  });
}

async function secured(
  socket: net.Socket,
  { host, connectSignal }: Target,
  { ca }: ConnectionOptions,
): Promise<tls.TLSSocket> {
  const secure = tls.connect({
    socket,
    ALPNProtocols: ["http/1.1"],
    // Whose certificate it must be. A name for SNI is no address (RFC 6066, section 3).
    host,
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
  });
  return established(secure, "secureConnect", connectSignal);
}

function established<S extends net.Socket>(
  socket: S,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      done();
      socket.destroy();
      const code = codeOf(error);
      reject(
        event === "secureConnect" && isTlsCode(code)
          ? new ConnectError("tls", code, error.message, false)
          : new ConnectError("connect", code, code, true),
      );
    };
    const abort = (): void => fail(signal.reason as Error);
    const close = (): void => fail(new Error("closed"));
    const done = (): void => {
      socket.off("error", fail).off("close", close);
      signal.removeEventListener("abort", abort);
    };
    // The request listens for itself once it has the socket; until then nothing may be thrown.
    socket.on("error", ignore);
    socket.once("error", fail).once("close", close);
    socket.once(event, () => {
      done();
      resolve(socket);
    });
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
}

const ignore = (): void => undefined;

/** A system or library error's code; `ECONNRESET` for a connection that just ended. */
export const codeOf = (error: unknown): string => {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : "ECONNRESET";
};

/** Whether a code is of TLS or a certificate rather than of the system: it will not pass by itself. */
const isTlsCode = (code: string): boolean =>
  !/^(?:E(?!PROTO$)[A-Z0-9]+|EAI_[A-Z]+|ABORT_ERR)$/.test(code);
