import type { Logger } from "../logging/logger.js";
import { FrameReader } from "./framing.js";
import { GrpcError, Status, statusTrailers, type StatusCode } from "./status.js";
import { parseTimeout } from "./timeout.js";
import { encodeHeaders } from "./http2/hpack.js";
import type { RequestHeaders } from "./http2/request-headers.js";
import type { Http2Stream, StreamListener } from "./http2/stream.js";

/** What answers one path. Answers are whole frames, as `encodeFrame` makes them. */
export type Route = UnaryRoute | StreamRoute;

export interface UnaryRoute {
  readonly kind: "unary";
  handle(request: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

/** A stream that stays open until the host or the server ends it. */
export interface StreamRoute {
  readonly kind: "stream";
  /** The answer to the request, if there is one. Without this, whatever comes is ignored. */
  first?(request: Uint8Array): Uint8Array;
}

const CONTENT_TYPE = /^application\/grpc(\+proto)?(;|$)/;
const HEADERS = [
  [":status", "200"],
  ["content-type", "application/grpc"],
] as const;
const HEADERS_BLOCK = encodeHeaders(HEADERS);
const OK_BLOCK = encodeHeaders(statusTrailers(Status.OK));

/** One call: a stream of HTTP/2, from its headers to its trailers. Never throws. */
export class GrpcCall implements StreamListener {
  readonly #stream: Http2Stream;
  readonly #logger: Logger;
  readonly #path: string;
  readonly #done: () => void;
  readonly #reader = new FrameReader();
  #route: Route | undefined;
  #message: Uint8Array | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: "receiving" | "working" | "open" | "answered" | "refused" = "receiving";

  /** @param done called once nothing works on the call, and nothing of it is left to send */
  constructor(stream: Http2Stream, path: string, logger: Logger, done: () => void) {
    this.#stream = stream;
    this.#path = path;
    this.#logger = logger;
    this.#done = done;
  }

  /** Whether a handler works on it, or its answer is on its way. */
  get busy(): boolean {
    return this.#state === "working" || (this.#state === "answered" && !this.#stream.closed);
  }

  start(headers: RequestHeaders, route: Route | undefined): void {
    if (headers[":method"] !== "POST") {
      this.#refuseHttp("405");
    } else if (!CONTENT_TYPE.test(headers["content-type"] ?? "")) {
      this.#refuseHttp("415");
    } else {
      this.#guard(() => {
        if (route === undefined) {
          throw new GrpcError(Status.UNIMPLEMENTED, `unknown method ${this.#path}`);
        }
        if ((headers["grpc-encoding"] ?? "identity") !== "identity") {
          throw new GrpcError(Status.UNIMPLEMENTED, "the message encoding is not supported");
        }
        this.#limit(parseTimeout(headers["grpc-timeout"]));
        this.#route = route;
        if (route.kind === "stream" && route.first === undefined) this.#open();
      });
    }
  }

  data(chunk: Buffer): void {
    if (this.#state !== "receiving") return;
    this.#guard(() => {
      for (const message of this.#reader.push(chunk)) {
        if (this.#message !== undefined) {
          throw new GrpcError(Status.INTERNAL, "a request has a second message");
        }
        this.#message = message;
      }
    });
  }

  end(): void {
    if (this.#state !== "receiving") return;
    const message = this.#message;
    this.#message = undefined;
    if (message === undefined || this.#reader.incomplete) {
      this.#fail(Status.INTERNAL, "a request ended before its message did");
    } else if (this.#route?.kind === "unary") {
      void this.#answer(this.#route, message);
    } else {
      this.#guard(() => this.#open(message));
    }
  }

  closed(): void {
    clearTimeout(this.#timer);
    if (this.#state !== "answered" && this.#state !== "refused") {
      this.#logger.debug("a call was cut off", { rpc: this.#path });
    }
    if (this.#state !== "working") this.#done();
  }

  /** Ends a stream that merely stands open. */
  finish(): void {
    if (this.#state !== "open") return;
    this.#state = "answered";
    this.#stream.end(OK_BLOCK);
  }

  async #answer(route: UnaryRoute, message: Uint8Array): Promise<void> {
    this.#state = "working";
    try {
      const frame = await route.handle(message);
      if (this.#isOver()) return;
      this.#state = "answered";
      this.#stream.respond(HEADERS_BLOCK);
      this.#stream.write(frame);
      this.#stream.end(OK_BLOCK);
    } catch (error) {
      this.#failWith(error);
    } finally {
      // The stream was closed while the handler was at work: nobody else will say so.
      if (this.#stream.closed && this.#state === "working") {
        this.#state = "refused";
        this.#done();
      }
    }
  }

  #open(message?: Uint8Array): void {
    const first =
      message && this.#route?.kind === "stream" ? this.#route.first?.(message) : undefined;
    this.#state = "open";
    this.#stream.respond(HEADERS_BLOCK);
    if (first !== undefined) this.#stream.write(first);
  }

  /** Refused already, for its time is up or its host has let it go: what comes now is late. */
  #isOver(): boolean {
    return this.#state === "refused" || this.#stream.closed;
  }

  #limit(milliseconds: number | undefined): void {
    if (milliseconds === undefined) return;
    this.#timer = setTimeout(() => {
      this.#fail(Status.DEADLINE_EXCEEDED, "the call took longer than the host allows");
    }, milliseconds).unref();
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failWith(error);
    }
  }

  #failWith(error: unknown): void {
    if (error instanceof GrpcError) {
      this.#fail(error.code, error.message);
    } else {
      // What it says may hold anything; it is for the log, where secrets are taken out.
      this.#logger.error("a call failed", { rpc: this.#path, error });
      this.#fail(Status.INTERNAL, "the provider has failed; its log says more");
    }
  }

  /** Trailers only, as gRPC calls an answer that has no message. */
  #fail(code: StatusCode, message: string): void {
    this.#logger.debug("a call was refused", { rpc: this.#path, code, reason: message });
    this.#refuse(encodeHeaders([...HEADERS, ...statusTrailers(code, message)]));
  }

  #refuseHttp(status: string): void {
    this.#logger.debug("a request is no gRPC call", { path: this.#path, status });
    this.#refuse(encodeHeaders([[":status", status]]));
  }

  #refuse(block: Buffer): void {
    if (this.#isOver() || this.#state === "answered" || this.#state === "open") return;
    this.#state = "refused";
    this.#stream.end(block);
  }
}
