import type { FrameOutput } from "./frame-output.js";
import { ErrorCode } from "./http2-error.js";
import { ReceiveWindow } from "./receive-window.js";

/** What a stream tells whoever answers it. */
export interface StreamListener {
  /** Part of the request's body: a view, to be copied by whoever keeps it. */
  data(chunk: Buffer): void;
  /** The request is complete. */
  end(): void;
  /** Nothing more goes either way: all is said, the peer has reset it, or the connection is gone. */
  closed(): void;
}

/** What a stream needs of its connection. */
export interface StreamConnection {
  /** Bytes that may go out on the whole connection. */
  sendWindow: number;
  readonly maxFrameSize: number;
  readonly output: FrameOutput;
  /** Nothing more goes either way on this stream. */
  forget(stream: Http2Stream): void;
}

/**
 * The server's side of one stream (RFC 9113, 5). What is written goes out as far as the peer's
 * windows allow, and the rest follows when it opens them.
 */
export class Http2Stream {
  readonly id: number;
  readonly #connection: StreamConnection;
  readonly receiveWindow = new ReceiveWindow();
  #sendWindow: number;
  /** What waits for the peer's window. */
  readonly #pending: Uint8Array[] = [];
  #trailers: Uint8Array | undefined;
  #remoteEnded = false;
  #localEnded = false;
  #closed = false;
  listener: StreamListener | undefined;

  constructor(id: number, connection: StreamConnection, sendWindow: number) {
    this.id = id;
    this.#connection = connection;
    this.#sendWindow = sendWindow;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get remoteEnded(): boolean {
    return this.#remoteEnded;
  }

  /** Sends headers, before anything else. */
  respond(block: Uint8Array): void {
    if (!this.#closed) this.#connection.output.headers(this.id, block, false);
  }

  write(bytes: Uint8Array): void {
    // An empty frame would be nothing but a burden: clients count them as an attack.
    if (this.#closed || this.#localEnded || bytes.length === 0) return;
    this.#pending.push(bytes);
    this.flush();
  }

  /** Ends the answer with these headers, once all that was written is out. */
  end(trailers: Uint8Array): void {
    if (this.#closed || this.#localEnded) return;
    this.#trailers = trailers;
    this.flush();
  }

  /** Lets what waits out, as far as the windows allow. */
  flush(): void {
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      const room = Math.min(this.#sendWindow, this.#connection.sendWindow);
      if (room <= 0) return;
      const length = Math.min(next.length, room, this.#connection.maxFrameSize);
      this.#connection.output.data(this.id, next.subarray(0, length));
      this.#sendWindow -= length;
      this.#connection.sendWindow -= length;
      if (length === next.length) this.#pending.shift();
      else this.#pending[0] = next.subarray(length);
    }
    if (this.#trailers === undefined) return;
    this.#connection.output.headers(this.id, this.#trailers, true);
    this.#trailers = undefined;
    this.#localEnded = true;
    // What the peer still says for this stream is not wanted (RFC 9113, 8.1).
    if (!this.#remoteEnded) this.#connection.output.reset(this.id, ErrorCode.NO_ERROR);
    this.close();
  }

  /** The peer lets more through. Gives whether the window is still one (RFC 9113, 6.9.1). */
  widen(bytes: number): boolean {
    this.#sendWindow += bytes;
    return this.#sendWindow <= 0x7fffffff;
  }

  /** The request is complete. */
  endRemote(): void {
    this.#remoteEnded = true;
    this.listener?.end();
  }

  /** Takes the stream off its connection. What has not gone out is dropped. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pending.length = 0;
    this.#connection.forget(this);
    this.listener?.closed();
  }
}
