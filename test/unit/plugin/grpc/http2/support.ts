import { connect, type ClientHttp2Session, type ClientSessionOptions } from "node:http2";
import {
  createServer,
  connect as connectNet,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";
import {
  Http2Connection,
  type ConnectionListener,
} from "../../../../../src/plugin/grpc/http2/connection.js";
import { FRAME_HEADER_LENGTH, PREFACE } from "../../../../../src/plugin/grpc/http2/frame.js";
import type { RequestHeaders } from "../../../../../src/plugin/grpc/http2/request-headers.js";
import type { Http2Stream } from "../../../../../src/plugin/grpc/http2/stream.js";

export interface Received {
  readonly stream: Http2Stream;
  readonly headers: RequestHeaders;
  readonly body: Buffer[];
  ended: boolean;
  closed: boolean;
}

/** One server of one's own HTTP/2, which hands each request to `answer` once it is complete. */
export class TestServer {
  readonly requests: Received[] = [];
  readonly connections: Http2Connection[] = [];
  readonly broken: Error[] = [];
  readonly #server: Server;
  answer: (request: Received) => void = () => undefined;

  private constructor() {
    this.#server = createServer((socket) => {
      this.connections.push(new Http2Connection(socket, this.#listener()));
    });
  }

  static async start(): Promise<TestServer> {
    const server = new TestServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Node's own client, as an oracle. */
  client(options: ClientSessionOptions = {}): ClientHttp2Session {
    const session = connect(`http://127.0.0.1:${String(this.port)}`, options);
    session.on("error", () => undefined);
    return session;
  }

  /** Says these bytes after a client's greeting, and gives all that comes until the server hangs up. */
  async talk(...say: readonly Buffer[]): Promise<readonly Frame[]> {
    const socket = connectNet(this.port, "127.0.0.1");
    socket.on("error", () => undefined);
    const received = collect(socket);
    socket.write(Buffer.concat(say));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error("the server has not hung up"));
      }, 10_000);
      socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return framesOf(Buffer.concat(received));
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #listener(): ConnectionListener {
    return {
      request: (stream, headers) => {
        const request: Received = { stream, headers, body: [], ended: false, closed: false };
        this.requests.push(request);
        return {
          data: (chunk) => request.body.push(Buffer.from(chunk)),
          end: () => {
            request.ended = true;
            this.answer(request);
          },
          closed: () => (request.closed = true),
        };
      },
      broken: (error) => this.broken.push(error),
      closed: () => undefined,
    };
  }
}

const collect = (socket: Socket): Buffer[] => {
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  return received;
};

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

export const framesOf = (bytes: Buffer): readonly Frame[] => {
  const frames: Frame[] = [];
  for (let at = 0; at + FRAME_HEADER_LENGTH <= bytes.length;) {
    const end = at + FRAME_HEADER_LENGTH + bytes.readUIntBE(at, 3);
    frames.push({
      type: bytes.readUInt8(at + 3),
      flags: bytes.readUInt8(at + 4),
      streamId: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + FRAME_HEADER_LENGTH, end),
    });
    at = end;
  }
  return frames;
};

/** A frame, made by hand. */
export const frame = (
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer => {
  const header = Buffer.alloc(FRAME_HEADER_LENGTH);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
};

/** What a client says first: the preface and empty settings. */
export const GREETING = Buffer.concat([PREFACE, frame(4, 0, 0)]);
