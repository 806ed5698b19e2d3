import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Logger } from "../logging/logger.js";
import { FrameReader } from "./grpc-framing.js";
import { GrpcError, Status, statusTrailers, type StatusCode } from "./grpc-status.js";
import { parseTimeout } from "./grpc-timeout.js";

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
const HEADERS = { ":status": 200, "content-type": "application/grpc" };

/** One call: a stream of HTTP/2, from its headers to its trailers. Never throws. */
export class GrpcCall {
  readonly #stream: ServerHttp2Stream;
  readonly #logger: Logger;
  readonly #path: string;
  #timer: NodeJS.Timeout | undefined;
  #state: "receiving" | "working" | "open" | "answered" | "refused" = "receiving";

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, logger: Logger) {
    this.#stream = stream;
    this.#logger = logger;
    this.#path = String(headers[":path"]);
    // The host has reset the stream: there is nobody to answer.
    stream.on("error", (error) => logger.debug("a call was reset", { rpc: this.#path, error }));
    stream.once("close", () => clearTimeout(this.#timer));
  }

  get path(): string {
    return this.#path;
  }

  start(headers: IncomingHttpHeaders, route: Route | undefined): Promise<void> {
    if (headers[":method"] !== "POST") return this.#refuseHttp(405);
    if (!CONTENT_TYPE.test(headers["content-type"] ?? "")) return this.#refuseHttp(415);
    return this.#guard(async () => {
      const encoding = headers["grpc-encoding"] ?? "identity";
      if (route === undefined)
        throw new GrpcError(Status.UNIMPLEMENTED, `unknown method ${this.#path}`);
      if (encoding !== "identity") {
        throw new GrpcError(Status.UNIMPLEMENTED, "the message encoding is not supported");
      }
      this.#limit(parseTimeout(headers["grpc-timeout"]?.toString()));
      if (route.kind === "unary") await this.#unary(route);
      else await this.#open(route);
    });
  }

  /** Whether a handler works on it, or its answer is on its way. */
  get busy(): boolean {
    return this.#state === "working" || this.#state === "answered";
  }

  /** Ends a stream that merely stands open. */
  end(): void {
    if (this.#state === "open") this.#stream.end();
  }

  async #unary(route: UnaryRoute): Promise<void> {
    const request = await this.#onlyMessage();
    if (this.#isOver()) return;
    this.#state = "working";
    const frame = await route.handle(request);
    if (this.#isOver()) return;
    this.#state = "answered";
    this.#respond();
    this.#stream.end(frame);
  }

  async #open(route: StreamRoute): Promise<void> {
    if (route.first === undefined) this.#stream.resume();
    const first = route.first?.(await this.#onlyMessage());
    if (this.#isOver()) return;
    this.#state = "open";
    this.#respond();
    if (first !== undefined) this.#stream.write(first);
  }

  /** Refused already, for its time is up or its host has let it go: what comes now is late. */
  #isOver(): boolean {
    return this.#state === "refused" || this.#stream.destroyed || this.#stream.closed;
  }

  #respond(): void {
    const stream = this.#stream;
    stream.once("wantTrailers", () => {
      stream.sendTrailers(statusTrailers(Status.OK));
      // A host that has not ended its side of an open stream need not do so any more. The reset
      // would overtake the trailers if it were not put off.
      if (this.#state === "open") setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
    });
    stream.respond(HEADERS, { waitForTrailers: true });
  }

  /** The one message that a unary or server-streaming request consists of. */
  #onlyMessage(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const reader = new FrameReader();
      const messages: Uint8Array[] = [];
      this.#stream.on("data", (chunk: Buffer) => {
        try {
          messages.push(...reader.push(chunk));
          if (messages.length > 1)
            throw new GrpcError(Status.INTERNAL, "a request has a second message");
        } catch (error) {
          this.#stream.removeAllListeners("data");
          reject(error instanceof GrpcError ? error : new GrpcError(Status.INTERNAL, "not gRPC"));
        }
      });
      this.#stream.once("end", () => {
        const [message] = messages;
        if (message !== undefined && !reader.incomplete) resolve(message);
        else reject(new GrpcError(Status.INTERNAL, "a request ended before its message did"));
      });
      this.#stream.once("close", () =>
        reject(new GrpcError(Status.INTERNAL, "the call was cut off")),
      );
    });
  }

  #limit(milliseconds: number | undefined): void {
    if (milliseconds === undefined) return;
    this.#timer = setTimeout(() => {
      this.#fail(Status.DEADLINE_EXCEEDED, "the call took longer than the host allows");
    }, milliseconds).unref();
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof GrpcError) {
        this.#fail(error.code, error.message);
      } else {
        // What it says may hold anything; it is for the log, where secrets are taken out.
        this.#logger.error("a call failed", { rpc: this.#path, error });
        this.#fail(Status.INTERNAL, "the provider has failed; its log says more");
      }
    }
  }

  /** Trailers only, as gRPC calls an answer that has no message. */
  #fail(code: StatusCode, message: string): void {
    this.#logger.debug("a call was refused", { rpc: this.#path, code, reason: message });
    this.#refuse({ ...HEADERS, ...statusTrailers(code, message) });
  }

  #refuseHttp(status: number): Promise<void> {
    this.#logger.debug("a request is no gRPC call", { path: this.#path, status });
    this.#refuse({ ":status": status });
    return Promise.resolve();
  }

  #refuse(headers: Record<string, string | number>): void {
    if (this.#isOver() || this.#stream.headersSent) return;
    this.#state = "refused";
    this.#stream.resume();
    this.#stream.respond(headers, { endStream: true });
    // Whatever the host still sends for this call is not wanted (RFC 9113, 8.1).
    this.#stream.close(constants.NGHTTP2_NO_ERROR);
  }
}
