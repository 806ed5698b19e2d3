import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import type { Logger } from "../logging/logger.js";
import { GrpcCall, type Route } from "./grpc-call.js";

/** Room for a large message to flow without waiting for each window update. */
const WINDOW = 16 * 1024 * 1024;
/** Megabytes. Node refuses new streams beyond it, and its default is below one message's limit. */
const SESSION_MEMORY = 4096;
/** How long a host may take to hang up once everything is answered, in milliseconds. */
const HANG_UP = 500;

/** gRPC over HTTP/2, on connections that somebody else has accepted and trusts. */
export class GrpcServer {
  readonly #http2: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #calls = new Set<GrpcCall>();
  readonly #checks = new Set<() => void>();

  /** Called with the number of connections, each time that it changes. */
  onConnections: (count: number) => void = () => {};

  constructor(routes: ReadonlyMap<string, Route>, logger: Logger) {
    this.#http2 = createServer({
      settings: { initialWindowSize: WINDOW },
      maxSessionMemory: SESSION_MEMORY,
    });
    this.#http2.on("session", (session) => {
      session.setLocalWindowSize(WINDOW);
      this.#sessions.add(session);
      this.onConnections(this.#sessions.size);
      session.once("close", () => {
        this.#sessions.delete(session);
        this.onConnections(this.#sessions.size);
        this.#changed();
      });
    });
    this.#http2.on("sessionError", (error) => logger.debug("a connection broke", { error }));
    this.#http2.on("stream", (stream, headers) => {
      const call = new GrpcCall(stream, headers, logger);
      this.#calls.add(call);
      const done = call.start(headers, routes.get(call.path));
      stream.once("close", () => {
        void done.then(() => {
          this.#calls.delete(call);
          this.#changed();
        });
      });
    });
  }

  /** Serves HTTP/2 on `socket`. Whoever holds the other end is trusted from here on. */
  accept(socket: Duplex): void {
    this.#http2.emit("connection", socket);
  }

  /** Takes no new calls, lets those at work finish, ends what merely stands open, and hangs up. */
  async drain(): Promise<void> {
    for (const session of this.#sessions) session.close();
    await this.#until(() => ![...this.#calls].some(({ busy }) => busy));
    for (const call of this.#calls) call.end();
    await this.#until(() => this.#sessions.size === 0, HANG_UP);
    for (const session of this.#sessions) session.destroy();
  }

  /** @param milliseconds the longest to wait, whatever the condition says then */
  #until(condition: () => boolean, milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#checks.delete(check);
        resolve();
      };
      this.#checks.add(check);
      if (milliseconds !== undefined) setTimeout(resolve, milliseconds).unref();
      check();
    });
  }

  #changed(): void {
    for (const check of this.#checks) check();
  }
}
