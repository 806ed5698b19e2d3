import type { Socket } from "node:net";
import type { Logger } from "../logging/logger.js";
import { GrpcCall, type Route } from "./call.js";
import { Http2Connection } from "./http2/connection.js";

/** How long a host may take to hang up once everything is answered, in milliseconds. */
const HANG_UP = 500;

/** gRPC over HTTP/2, on connections that somebody else has accepted and trusts. */
export class GrpcServer {
  readonly #routes: (path: string) => Route | undefined;
  readonly #logger: Logger;
  readonly #connections = new Set<Http2Connection>();
  readonly #calls = new Set<GrpcCall>();
  readonly #checks = new Set<() => void>();

  /** Called with the number of connections, each time that it changes. */
  onConnections: (count: number) => void = () => {};

  /** @param routes what answers a path; `undefined` where nothing does */
  constructor(routes: (path: string) => Route | undefined, logger: Logger) {
    this.#routes = routes;
    this.#logger = logger;
  }

  /** Serves HTTP/2 on `socket`. Whoever holds the other end is trusted from here on. */
  accept(socket: Socket): void {
    const logger = this.#logger;
    const connection = new Http2Connection(socket, {
      request: (stream, headers) => {
        const path = headers[":path"] ?? "";
        const call = new GrpcCall(stream, path, logger, () => {
          this.#calls.delete(call);
          this.#changed();
        });
        this.#calls.add(call);
        call.start(headers, this.#routes(path));
        return call;
      },
      broken: (error) => logger.debug("a connection broke", { error }),
      closed: () => {
        this.#connections.delete(connection);
        this.onConnections(this.#connections.size);
        this.#changed();
      },
    });
    this.#connections.add(connection);
    this.onConnections(this.#connections.size);
  }

  /** Takes no new calls, lets those at work finish, ends what merely stands open, and hangs up. */
  async drain(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.#until(() => ![...this.#calls].some(({ busy }) => busy));
    for (const call of this.#calls) call.finish();
    await this.#until(() => this.#connections.size === 0, HANG_UP);
    for (const connection of this.#connections) connection.destroy();
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
