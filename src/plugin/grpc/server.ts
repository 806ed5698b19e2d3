import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import type { Logger } from "../logging/logger.js";
import { encodeFrame, readMessage } from "./framing.js";
import { encodeMessage, GrpcError, Status } from "./status.js";
import { parseTimeout } from "./timeout.js";

/** Answers one path, either each request or with a stream that stays open. */
export type Route = CallRoute | StreamRoute;

/** One message, or each of several as soon as it is there. */
export type Answer = Uint8Array | AsyncIterable<Uint8Array>;

export interface CallRoute {
  readonly kind: "call";
  handle(request: Uint8Array): Promise<Answer> | Answer;
}

/** A stream that stays open until the host or the server ends it. */
export interface StreamRoute {
  readonly kind: "stream";
  /** The answer to the request, if there is one. Without this, whatever comes is ignored. */
  first?(request: Uint8Array): Uint8Array;
}

/** The bytes that may arrive unacknowledged, so that a large message need not wait. */
const WINDOW = 16 * 1024 * 1024;
/** Megabytes. Node refuses calls beyond it, and its default is less than one large message. */
const SESSION_MEMORY = 4096;
/** The time for a host to hang up once everything is answered, in milliseconds. */
const HANG_UP = 500;

const CONTENT_TYPE = /^application\/grpc(\+proto)?(;|$)/;
const HEADERS = { ":status": 200, "content-type": "application/grpc" };

/** gRPC over HTTP/2, on connections that somebody else has accepted and trusts. */
export class GrpcServer {
  readonly #http2: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Calls that a handler works on, or whose answer is on its way. */
  readonly #busy = new Set<Promise<void>>();
  readonly #open = new Set<ServerHttp2Stream>();
  readonly #routes: (path: string) => Route | undefined;
  readonly #logger: Logger;

  /** Called with the number of connections, each time that it changes. */
  onConnections: (count: number) => void = () => {};

  /** @param routes gives what answers a path, or `undefined` for a path that is not served */
  constructor(routes: (path: string) => Route | undefined, logger: Logger) {
    this.#routes = routes;
    this.#logger = logger;
    this.#http2 = createServer({
      settings: { initialWindowSize: WINDOW },
      maxSessionMemory: SESSION_MEMORY,
    });
    this.#http2.on("session", (session) => this.#begin(session));
    this.#http2.on("sessionError", (error) => logger.debug("a connection broke", { error }));
    this.#http2.on("stream", (stream, headers) => {
      const rpc = String(headers[":path"]);
      stream.on("error", (error) => logger.debug("a call was cut off", { rpc, error }));
      this.#serve(stream, headers, rpc).catch((error: unknown) => this.#fail(stream, rpc, error));
    });
  }

  /** Serves HTTP/2 on `socket`. Whoever holds the other end is trusted from here on. */
  accept(socket: Socket): void {
    this.#http2.emit("connection", socket);
  }

  /** Takes no new calls, lets those at work finish, ends what merely stands open, and hangs up. */
  async drain(): Promise<void> {
    const sessions = [...this.#sessions];
    const closed = sessions.map((session) => new Promise((done) => session.once("close", done)));
    for (const session of sessions) session.close();
    await Promise.all(this.#busy);
    for (const stream of this.#open) {
      // The host may never end its side, so the stream is closed for both, once node has let go of
      // the trailers.
      stream.once("wantTrailers", () =>
        setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR)),
      );
      stream.end();
    }
    const late = new Promise((resolve) => setTimeout(resolve, HANG_UP).unref());
    await Promise.race([Promise.all(closed), late]);
    for (const session of sessions) session.destroy();
  }

  #begin(session: ServerHttp2Session): void {
    session.setLocalWindowSize(WINDOW);
    this.#sessions.add(session);
    this.onConnections(this.#sessions.size);
    session.once("close", () => {
      this.#sessions.delete(session);
      this.onConnections(this.#sessions.size);
    });
  }

  async #serve(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    path: string,
  ): Promise<void> {
    if (headers[":method"] !== "POST") {
      refuse(stream, { ":status": 405 });
      return;
    }
    if (!CONTENT_TYPE.test(headers["content-type"] ?? "")) {
      refuse(stream, { ":status": 415 });
      return;
    }
    const route = this.#routes(path);
    if (route === undefined) throw new GrpcError(Status.UNIMPLEMENTED, `unknown method ${path}`);
    if ((headers["grpc-encoding"] ?? "identity") !== "identity") {
      throw new GrpcError(Status.UNIMPLEMENTED, "the message encoding is not supported");
    }
    this.#limit(stream, path, parseTimeout(headers["grpc-timeout"]?.toString()));
    if (route.kind === "stream") return this.#stayOpen(stream, route);

    const request = await readMessage(stream);
    const answer = answerWith(stream, route, request);
    const done = answer.catch(() => {}).finally(() => this.#busy.delete(done));
    this.#busy.add(done);
    return answer;
  }

  async #stayOpen(stream: ServerHttp2Stream, route: StreamRoute): Promise<void> {
    const first = route.first?.(await readMessage(stream));
    if (isOver(stream)) return;
    this.#open.add(stream);
    stream.once("close", () => this.#open.delete(stream));
    stream.resume();
    respond(stream);
    if (first !== undefined) stream.write(encodeFrame(first));
  }

  #limit(stream: ServerHttp2Stream, path: string, milliseconds: number | undefined): void {
    if (milliseconds === undefined) return;
    const timer = setTimeout(() => {
      const message = "the call took longer than the host allows";
      this.#fail(stream, path, new GrpcError(Status.DEADLINE_EXCEEDED, message));
    }, milliseconds).unref();
    stream.once("close", () => clearTimeout(timer));
  }

  #fail(stream: ServerHttp2Stream, rpc: string, error: unknown): void {
    if (isOver(stream)) return;
    if (error instanceof GrpcError) {
      this.#logger.debug("a call was refused", { rpc, code: error.code, reason: error.message });
      refuseWith(stream, error);
    } else {
      // Its text may hold anything: it is for the log, where secrets are taken out.
      this.#logger.error("a call failed", { rpc, error });
      const message = "the provider has failed; its log says more";
      refuseWith(stream, new GrpcError(Status.INTERNAL, message));
    }
  }
}

/** Settles once the answer has been sent, or nobody waits for it any more. */
const answerWith = async (
  stream: ServerHttp2Stream,
  route: CallRoute,
  request: Uint8Array,
): Promise<void> => {
  const closed = new Promise<void>((resolve) => stream.once("close", resolve));
  const answer = await route.handle(request);
  if (isOver(stream)) return;
  respond(stream);
  if (answer instanceof Uint8Array) stream.end(encodeFrame(answer));
  // The host may let go of the rest, which ends the work on it, too.
  else await pipeline(framesOf(answer), stream).catch(() => {});
  await closed;
};

async function* framesOf(messages: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const message of messages) yield encodeFrame(message);
}

/** True if the call was answered or refused, or the host has let it go. */
const isOver = (stream: ServerHttp2Stream): boolean => stream.closed || stream.headersSent;

const respond = (stream: ServerHttp2Stream): void => {
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(Status.OK) }));
  stream.respond(HEADERS, { waitForTrailers: true });
};

/** An answer without a message, which gRPC calls trailers only. */
const refuseWith = (stream: ServerHttp2Stream, { code, message }: GrpcError): void =>
  refuse(stream, {
    ...HEADERS,
    "grpc-status": String(code),
    "grpc-message": encodeMessage(message),
  });

const refuse = (stream: ServerHttp2Stream, headers: Record<string, string | number>): void => {
  stream.respond(headers, { endStream: true });
  // The host need not send the rest of its request.
  stream.close(constants.NGHTTP2_NO_ERROR);
};
