import type { Socket } from "node:net";
import {
  Flag,
  FrameParser,
  FrameType,
  isEndOfStream,
  Setting,
  withoutPadding,
  type Frame,
} from "./frame.js";
import { FrameOutput } from "./frame-output.js";
import { HeaderBlocks, type HeaderBlock } from "./header-blocks.js";
import { MAX_HEADER_LIST_SIZE } from "./hpack.js";
import { ConnectionError, ErrorCode, StreamError } from "./http2-error.js";
import { PeerSettings } from "./peer-settings.js";
import { ReceiveWindow, WINDOW } from "./receive-window.js";
import { readRequestHeaders, type RequestHeaders } from "./request-headers.js";
import { Http2Stream, type StreamConnection, type StreamListener } from "./stream.js";

/** What a window is before anybody has said something else (RFC 9113, 6.9.2). */
const DEFAULT_WINDOW = 65_535;
const MAX_WINDOW = 0x7fffffff;
/** Far more than a host calls at a time, whatever its parallelism. */
const MAX_STREAMS = 2000;

export interface ConnectionListener {
  /** A request has begun. What is returned hears the rest of it. */
  request(stream: Http2Stream, headers: RequestHeaders): StreamListener;
  /** The connection is gone, and every stream with it. */
  closed(): void;
  /** The peer broke the protocol, or the connection broke; `closed` follows. */
  broken(error: Error): void;
}

/**
 * The server's side of one HTTP/2 connection (RFC 9113), for the one kind of client that a plugin
 * has. Node's own server costs each start 5 to 10 ms, and each call twice the time: see
 * ARCHITECTURE.md.
 *
 * Not offered, since gRPC has no use for it: push, priorities, upgrades from HTTP/1, and a dynamic
 * table for the server's headers.
 */
export class Http2Connection implements StreamConnection {
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly output: FrameOutput;
  readonly #frames = new FrameParser();
  readonly #blocks = new HeaderBlocks();
  readonly #streams = new Map<number, Http2Stream>();
  readonly #peer = new PeerSettings();
  #greeted = false;
  /** The last stream that was looked at: what GOAWAY tells. */
  #lastStreamId = 0;
  /** The last stream that the peer has opened, refused ones included. */
  #highestStreamId = 0;
  readonly #receiveWindow = new ReceiveWindow();
  sendWindow = DEFAULT_WINDOW;
  #state: "open" | "closing" | "failed" | "closed" = "open";

  constructor(socket: Socket, listener: ConnectionListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.output = new FrameOutput(socket);
    this.#greet();
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("end", () => socket.destroy());
    socket.on("error", (error) => listener.broken(error));
    socket.on("close", () => this.#ended());
  }

  get maxFrameSize(): number {
    return this.#peer.maxFrameSize;
  }

  /** Takes no new streams; those that are open go on (RFC 9113, 6.8). */
  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.output.goAway(this.#lastStreamId, ErrorCode.NO_ERROR);
  }

  /** Hangs up, once what was written is out. */
  destroy(): void {
    this.output.flush();
    this.#socket.destroySoon();
  }

  forget(stream: Http2Stream): void {
    this.#streams.delete(stream.id);
  }

  #greet(): void {
    this.output.settings([
      [Setting.MAX_CONCURRENT_STREAMS, MAX_STREAMS],
      [Setting.INITIAL_WINDOW_SIZE, WINDOW],
      [Setting.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST_SIZE],
    ]);
    this.output.windowUpdate(0, WINDOW - DEFAULT_WINDOW);
  }

  #receive(chunk: Buffer): void {
    if (this.#state === "failed" || this.#state === "closed") return;
    try {
      this.#frames.push(chunk, (frame) => this.#takeOrReset(frame));
    } catch (error) {
      this.#fail(error);
    }
  }

  #takeOrReset(frame: Frame): void {
    try {
      this.#take(frame);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      this.output.reset(frame.streamId, error.code);
      this.#streams.get(frame.streamId)?.close();
    }
  }

  #take(frame: Frame): void {
    this.#blocks.expect(frame);
    if (!this.#greeted) {
      if (frame.type !== FrameType.SETTINGS || (frame.flags & Flag.ACK) !== 0) {
        throw protocolError("a connection begins without settings");
      }
      this.#greeted = true;
    }
    switch (frame.type) {
      case FrameType.DATA: {
        this.#takeData(frame);
        return;
      }
      case FrameType.HEADERS:
      case FrameType.CONTINUATION: {
        const block = this.#blocks.take(frame);
        if (block !== undefined) this.#takeBlock(block);
        return;
      }
      case FrameType.PRIORITY:
        this.#streamOf(frame);
        if (frame.payload.length !== 5)
          throw new StreamError(ErrorCode.FRAME_SIZE_ERROR, "priority");
        return;
      case FrameType.RST_STREAM:
        expectLength(frame, 4);
        this.#streamOf(frame)?.close();
        return;
      case FrameType.SETTINGS: {
        this.#takeSettings(frame);
        return;
      }
      case FrameType.PUSH_PROMISE:
        throw protocolError("a client pushes");
      case FrameType.PING:
        expectConnection(frame);
        expectLength(frame, 8);
        if ((frame.flags & Flag.ACK) === 0) {
          this.output.pong(frame.payload);
        }
        return;
      case FrameType.GOAWAY:
        expectConnection(frame);
        if (frame.payload.length < 8) throw frameSizeError(frame);
        return;
      case FrameType.WINDOW_UPDATE: {
        this.#takeWindowUpdate(frame);
        return;
      }
      default:
      // A frame of another kind is an extension, and is ignored (RFC 9113, 4.1).
    }
  }

  /**
   * The stream that a frame is for, or `undefined` where it is closed: what crossed its end on the
   * way is no fault.
   *
   * @throws ConnectionError for a stream that was never opened
   */
  #streamOf({ type, streamId }: Frame): Http2Stream | undefined {
    if (streamId === 0) throw protocolError("a frame names no stream");
    const stream = this.#streams.get(streamId);
    // Priorities may be told beforehand (RFC 9113, 6.3).
    const idle = streamId > this.#highestStreamId || streamId % 2 === 0;
    if (stream === undefined && idle && type !== FrameType.PRIORITY) {
      throw protocolError("a frame is for a stream that is not open");
    }
    return stream;
  }

  #takeData(frame: Frame): void {
    const stream = this.#streamOf(frame);
    const { length } = frame.payload;
    if (!this.#receiveWindow.take(length)) throw flowControlError();
    this.#reopen(0, this.#receiveWindow);
    const data = withoutPadding(frame);
    if (stream === undefined) return;
    if (stream.remoteEnded) throw new StreamError(ErrorCode.STREAM_CLOSED, "data after the end");
    if (!stream.receiveWindow.take(length)) {
      throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, "data beyond the window");
    }
    const last = isEndOfStream(frame.flags);
    if (!last) this.#reopen(stream.id, stream.receiveWindow);
    if (data.length > 0) stream.listener?.data(data);
    if (last) stream.endRemote();
  }

  #takeBlock({ streamId, flags, headers }: HeaderBlock): void {
    const open = this.#streams.get(streamId);
    if (open !== undefined) {
      if (open.remoteEnded) throw new StreamError(ErrorCode.STREAM_CLOSED, "headers after the end");
      if (!isEndOfStream(flags)) throw new StreamError(ErrorCode.PROTOCOL_ERROR, "headers twice");
      open.endRemote();
      return;
    }
    // Trailers that crossed the stream's end on the way.
    if (streamId <= this.#highestStreamId) return;
    this.#highestStreamId = streamId;
    if (this.#state === "closing" || this.#streams.size >= MAX_STREAMS) {
      // Not counted as one that was looked at: the peer may try it elsewhere (RFC 9113, 8.7).
      if (this.#state === "open") this.#lastStreamId = streamId;
      this.output.reset(streamId, ErrorCode.REFUSED_STREAM);
      return;
    }
    this.#lastStreamId = streamId;
    const request = readRequestHeaders(headers);
    const stream = new Http2Stream(streamId, this, this.#peer.initialWindowSize);
    this.#streams.set(streamId, stream);
    stream.listener = this.#listener.request(stream, request);
    if (stream.closed) stream.listener.closed();
    else if (isEndOfStream(flags)) stream.endRemote();
  }

  #takeSettings(frame: Frame): void {
    expectConnection(frame);
    if ((frame.flags & Flag.ACK) !== 0) {
      expectLength(frame, 0);
      return;
    }
    const growth = this.#peer.read(frame.payload);
    this.output.acknowledgeSettings();
    if (growth === 0) return;
    for (const stream of this.#streams.values()) {
      if (!stream.widen(growth)) throw flowControlError();
    }
    this.#flushStreams();
  }

  #takeWindowUpdate(frame: Frame): void {
    expectLength(frame, 4);
    const { streamId, payload } = frame;
    const stream = streamId === 0 ? undefined : this.#streamOf(frame);
    const increment = payload.readUInt32BE() & MAX_WINDOW;
    if (streamId === 0) {
      if (increment === 0) throw protocolError("a window grows by nothing");
      this.sendWindow += increment;
      if (this.sendWindow > MAX_WINDOW) throw flowControlError();
      this.#flushStreams();
    } else if (increment === 0) {
      throw new StreamError(ErrorCode.PROTOCOL_ERROR, "a window grows by nothing");
    } else if (stream !== undefined) {
      if (!stream.widen(increment)) {
        throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, "a window is too large");
      }
      stream.flush();
    }
  }

  #flushStreams(): void {
    for (const stream of [...this.#streams.values()]) {
      if (this.sendWindow <= 0) return;
      stream.flush();
    }
  }

  #reopen(streamId: number, window: ReceiveWindow): void {
    const by = window.reopen();
    if (by > 0) this.output.windowUpdate(streamId, by);
  }

  #fail(error: unknown): void {
    const cause = error instanceof Error ? error : new Error("a fault that is no error");
    this.output.goAway(
      this.#lastStreamId,
      cause instanceof ConnectionError ? cause.code : ErrorCode.INTERNAL_ERROR,
    );
    this.output.flush();
    this.#state = "failed";
    this.#listener.broken(cause);
    this.#socket.destroySoon();
  }

  #ended(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    for (const stream of [...this.#streams.values()]) stream.close();
    this.#listener.closed();
  }
}

const protocolError = (message: string): ConnectionError =>
  new ConnectionError(ErrorCode.PROTOCOL_ERROR, message);

const flowControlError = (): ConnectionError =>
  new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "more than a window allows");

const frameSizeError = ({ type }: Frame): ConnectionError =>
  new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `a frame of type ${type} has a wrong length`);

function expectLength(frame: Frame, length: number): void {
  if (frame.payload.length !== length) throw frameSizeError(frame);
}

function expectConnection({ streamId }: Frame): void {
  if (streamId !== 0) throw protocolError("a frame for the whole connection names a stream");
}
