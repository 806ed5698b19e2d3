import * as http from "node:http";
import * as https from "node:https";
import { isIP, type AddressInfo, type LookupFunction, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { PolyaiClient, type ClientOptions, type Surroundings } from "../../../src/polyai/client.js";
import { redact } from "../../../src/plugin/logging/redaction.js";
import type { Certificate } from "./certificates.js";
import { PolyaiError } from "../../../src/polyai/errors.js";
import { placeOf } from "../../../src/polyai/regions.js";

export const API_KEY = "canary-key-9f8e7d6c5b4a";
export const ENDPOINT_ID = "whe_9ZtRcXw3nByK5pVqMaEfJs";
export const RULE_ID = "ar_0Kx4mNpQ8rWvYb2dFgHjLs";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly socket: Socket;
}

/** Answers request number `index`, from 0. */
export type Handler = (response: http.ServerResponse, index: number, seen: Seen) => void;

export type TestServer = Awaited<ReturnType<typeof serve>>;

const open: { readonly close: () => unknown }[] = [];

/** Closes what a test opened. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const thing of open.splice(0)) await thing.close();
}

export const closeLater = <T extends { readonly close: () => unknown }>(thing: T): T => {
  open.push(thing);
  return thing;
};

/** Starts a server on loopback. It and its connections are closed with all that a test opened. */
export async function listen(server: Server, host = "127.0.0.1") {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return closeLater({
    /** The number of connections that were ever opened. */
    connections: () => connections,
    open: () => sockets.size,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

/** An API on loopback, with no TLS unless a server is given. */
export async function serve(handler: Handler, server = http.createServer(), scheme = "http") {
  const seen: Seen[] = [];
  server.on("request", (request: http.IncomingMessage, response: http.ServerResponse) => {
    response.on("error", () => undefined);
    void text(request).then(
      (body) => {
        const { method = "", url: path = "", headers, socket } = request;
        const entry: Seen = { method, path, headers, body, socket };
        handler(response, seen.push(entry) - 1, entry);
      },
      () => undefined,
    );
  });
  const { port, connections, close } = await listen(server);
  return { url: `${scheme}://127.0.0.1:${port}`, seen, connections, close };
}

/** An API on loopback, over TLS. */
export const serveTls = (handler: Handler, { key, cert }: Certificate): Promise<TestServer> =>
  serve(handler, https.createServer({ key, cert }), "https");

/** Handlers by turn; the last one stays. */
export const inTurn =
  (...handlers: readonly [Handler, ...Handler[]]): Handler =>
  (response, index, seen) =>
    (handlers[Math.min(index, handlers.length - 1)] as Handler)(response, index, seen);

export const json =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Handler =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof body === "string" ? body : JSON.stringify(body));

export const rotated = (secret = "whsec_new"): Handler => json(200, { signing_secret: secret });

/** The request is read and the connection closed without an answer. */
export const cut: Handler = (_response, _index, { socket }) => socket.destroy();

export const hang: Handler = () => undefined;

/** A look-up that gives these addresses for every name, in this order. */
export const resolveTo =
  (...addresses: readonly string[]): LookupFunction =>
  (_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );

/** The place of a base URL. */
export const at = (value: string) => placeOf(undefined, { value, source: "a test" });

/**
 * A client that waits for nothing and takes half of each backoff; what it waited for, in
 * milliseconds, and what it logged. `rotate` gives the new secret of ENDPOINT_ID.
 */
export function connect(
  baseUrl: string,
  options: Partial<ClientOptions> = {},
  surroundings: Surroundings = {},
) {
  const waits: number[] = [];
  const logs: { readonly message: string; readonly fields: unknown }[] = [];
  const log = (message: string, fields?: unknown): void => void logs.push({ message, fields });
  const client = new PolyaiClient(
    {
      apiKey: API_KEY,
      apiKeySource: "the environment variable POLYAI_API_KEY",
      place: at(baseUrl),
      maxRetries: 2,
      requestTimeoutMs: 5000,
      userAgent: "terraform-provider-polyai/test",
      redact,
      logger: { debug: log, warn: log },
      ...options,
    },
    { random: () => 0.5, sleep: async (ms) => void waits.push(ms), ...surroundings },
  );
  closeLater({ close: () => client.close() });
  const rotate = async () =>
    (await client.webhookEndpoints.rotateSecret(ENDPOINT_ID)).signingSecret;
  return { client, rotate, waits, logs };
}

/** An API that answers so, and a client of it. */
export async function connected(
  handler: Handler,
  options?: Partial<ClientOptions>,
  surroundings?: Surroundings,
) {
  const api = await serve(handler);
  return { api, ...connect(api.url, options, surroundings) };
}

/** The error of a call that must fail. */
export const failureOf = (call: Promise<unknown>): Promise<PolyaiError> =>
  call.then(
    () => {
      throw new Error("the call succeeded");
    },
    (error: unknown) => {
      if (error instanceof PolyaiError) return error;
      throw error;
    },
  );
