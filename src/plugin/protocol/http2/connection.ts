import type { Socket } from "node:net";
import {
  encodeFrame,
  Flag,
  FrameParser,
  FrameType,
  MAX_FRAME_SIZE,
  Setting,
  withoutPadding,
  writeFrameHeader,
  FRAME_HEADER_LENGTH,
  type Frame,
} from "./frame.js";
import { HpackDecoder, MAX_HEADER_LIST_SIZE } from "./hpack.js";
import { ConnectionError, ErrorCode, StreamError } from "./http2-error.js";
import { PeerSettings } from "./peer-settings.js";
import { readRequestHeaders, type RequestHeaders } from "./request-headers.js";
import {
  Http2Stream,
  isEndOfStream,
  type StreamConnection,
  type StreamListener,
} from "./stream.js";

/** Room for a large message to flow without waiting for each window update. */
const WINDOW = 16 * 1024 * 1024;
/** What a window is before anybody has said something else (RFC 9113, 6.9.2). */
const DEFAULT_WINDOW = 65_535;
const MAX_WINDOW = 0x7fffffff;
/** Far more than a host calls at a time, whatever its parallelism. */
const MAX_STREAMS = 2000;
/** The bytes of one header block, before it is read. */
const MAX_BLOCK = MAX_HEADER_LIST_SIZE;

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
 * has. Node's own server costs a start 10 ms and each call a third of one; ARCHITECTURE.md has the
 * figures.
 *
 * Not offered, since gRPC has no use for it: push, priorities, upgrades from HTTP/1, and a dynamic
 * table for the server's headers.
 */
export class Http2Connection implements StreamConnection {
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly #frames = new FrameParser();
  readonly #hpack = new HpackDecoder();
  readonly #streams = new Map<number, Http2Stream>();
  readonly #peer = new PeerSettings();
  #greeted = false;
  /** The last stream that was looked at: what GOAWAY tells. */
  #lastStreamId = 0;
  /** The last stream that the peer has opened, refused ones included. */
  #highestStreamId = 0;
  /** A header block whose end has not come. */
  #block:
    | { readonly streamId: number; readonly flags: number; parts: Buffer[]; size: number }
    | undefined;
  #receiveWindow = WINDOW;
  sendWindow = DEFAULT_WINDOW;
  #output: Uint8Array[] = [];
  #state: "open" | "closing" | "failed" | "closed" = "open";

  constructor(socket: Socket, listener: ConnectionListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#greet();
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => socket.resume());
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
    this.#goAway(ErrorCode.NO_ERROR);
  }

  /** Hangs up, once what was written is out. */
  destroy(): void {
    this.#flush();
    this.#socket.destroySoon();
  }

  write(bytes: Uint8Array): void {
    if (this.#output.length === 0) process.nextTick(() => this.#flush());
    this.#output.push(bytes);
  }

  writeHeaders(streamId: number, block: Uint8Array, endStream: boolean): void {
    const end = endStream ? Flag.END_STREAM : 0;
    for (let at = 0; at === 0 || at < block.length; at += MAX_FRAME_SIZE) {
      const part = block.subarray(at, at + MAX_FRAME_SIZE);
      const last = at + part.length === block.length ? Flag.END_HEADERS : 0;
      const type = at === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      const header = Buffer.allocUnsafe(FRAME_HEADER_LENGTH);
      writeFrameHeader(header, 0, part.length, type, last | (at === 0 ? end : 0), streamId);
      this.write(header);
      this.write(part);
    }
  }

  reset(streamId: number, code: ErrorCode): void {
    this.write(encodeFrame(FrameType.RST_STREAM, 0, streamId, uint32(code)));
  }

  forget(stream: Http2Stream): void {
    this.#streams.delete(stream.id);
  }

  #greet(): void {
    const settings = [
      [Setting.MAX_CONCURRENT_STREAMS, MAX_STREAMS],
      [Setting.INITIAL_WINDOW_SIZE, WINDOW],
      [Setting.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST_SIZE],
    ] as const;
    const payload = Buffer.alloc(settings.length * 6);
    settings.forEach(([id, value], index) => {
      payload.writeUInt16BE(id, index * 6);
      payload.writeUInt32BE(value, index * 6 + 2);
    });
    this.write(encodeFrame(FrameType.SETTINGS, 0, 0, payload));
    this.#widen(0, WINDOW - DEFAULT_WINDOW);
  }

  /** One write, and so one TLS record, for all that one turn of the event loop has to say. */
  #flush(): void {
    const output = this.#output;
    if (output.length === 0) return;
    this.#output = [];
    if (this.#state === "closed" || this.#socket.destroyed) return;
    // A peer that does not read is not read either, until it does.
    if (!this.#socket.write(Buffer.concat(output))) this.#socket.pause();
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
      this.reset(frame.streamId, error.code);
      this.#streams.get(frame.streamId)?.close();
    }
  }

  #take(frame: Frame): void {
    if (this.#block !== undefined && frame.type !== FrameType.CONTINUATION) {
      throw protocolError("a header block is interrupted");
    }
    if (!this.#greeted) {
      if (frame.type !== FrameType.SETTINGS || (frame.flags & Flag.ACK) !== 0) {
        throw protocolError("a connection begins without settings");
      }
      this.#greeted = true;
    }
    switch (frame.type) {
      case FrameType.DATA:
        return this.#takeData(frame);
      case FrameType.HEADERS:
        return this.#takeHeaders(frame);
      case FrameType.CONTINUATION:
        return this.#takeContinuation(frame);
      case FrameType.PRIORITY:
        this.#streamOf(frame);
        if (frame.payload.length !== 5)
          throw new StreamError(ErrorCode.FRAME_SIZE_ERROR, "priority");
        return;
      case FrameType.RST_STREAM:
        expectLength(frame, 4);
        this.#streamOf(frame)?.close();
        return;
      case FrameType.SETTINGS:
        return this.#takeSettings(frame);
      case FrameType.PUSH_PROMISE:
        throw protocolError("a client pushes");
      case FrameType.PING:
        expectConnection(frame);
        expectLength(frame, 8);
        if ((frame.flags & Flag.ACK) === 0) {
          this.write(encodeFrame(FrameType.PING, Flag.ACK, 0, frame.payload));
        }
        return;
      case FrameType.GOAWAY:
        expectConnection(frame);
        if (frame.payload.length < 8) throw frameSizeError(frame);
        return;
      case FrameType.WINDOW_UPDATE:
        return this.#takeWindowUpdate(frame);
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
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0) throw flowControlError();
    if (this.#receiveWindow < WINDOW / 2) {
      this.#widen(0, WINDOW - this.#receiveWindow);
      this.#receiveWindow = WINDOW;
    }
    const data = withoutPadding(frame);
    if (stream === undefined) return;
    if (stream.remoteEnded) throw new StreamError(ErrorCode.STREAM_CLOSED, "data after the end");
    stream.receiveWindow -= length;
    if (stream.receiveWindow < 0) {
      throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, "data beyond the window");
    }
    const last = isEndOfStream(frame.flags);
    if (stream.receiveWindow < WINDOW / 2 && !last) {
      this.#widen(stream.id, WINDOW - stream.receiveWindow);
      stream.receiveWindow = WINDOW;
    }
    if (data.length > 0) stream.listener?.data(data);
    if (last) stream.endRemote();
  }

  #takeHeaders(frame: Frame): void {
    const { streamId, flags } = frame;
    if (streamId % 2 === 0) throw protocolError("a client opens a stream with an even number");
    const part = withoutPadding(frame, (flags & Flag.PRIORITY) !== 0 ? 5 : 0);
    if ((flags & Flag.END_HEADERS) !== 0) return this.#takeBlock(streamId, flags, part);
    this.#block = { streamId, flags, parts: [Buffer.from(part)], size: part.length };
  }

  #takeContinuation({ streamId, flags, payload }: Frame): void {
    const block = this.#block;
    if (block?.streamId !== streamId) throw protocolError("a continuation continues nothing");
    block.size += payload.length;
    // Empty parts would never add up to a size.
    if (block.size > MAX_BLOCK || block.parts.push(Buffer.from(payload)) > 100) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "a header block is too large");
    }
    if ((flags & Flag.END_HEADERS) === 0) return;
    this.#block = undefined;
    this.#takeBlock(streamId, block.flags, Buffer.concat(block.parts));
  }

  #takeBlock(streamId: number, flags: number, block: Buffer): void {
    // Whatever becomes of the stream, the table must follow what the peer did to its own.
    const headers = this.#hpack.decode(block);
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
      this.reset(streamId, ErrorCode.REFUSED_STREAM);
      return;
    }
    this.#lastStreamId = streamId;
    const request = readRequestHeaders(headers);
    const stream = new Http2Stream(streamId, this, {
      send: this.#peer.initialWindowSize,
      receive: WINDOW,
    });
    this.#streams.set(streamId, stream);
    stream.listener = this.#listener.request(stream, request);
    if (stream.closed) stream.listener.closed();
    else if (isEndOfStream(flags)) stream.endRemote();
  }

  #takeSettings(frame: Frame): void {
    expectConnection(frame);
    if ((frame.flags & Flag.ACK) !== 0) return expectLength(frame, 0);
    const growth = this.#peer.read(frame.payload);
    this.write(encodeFrame(FrameType.SETTINGS, Flag.ACK, 0, Buffer.alloc(0)));
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

  #widen(streamId: number, by: number): void {
    this.write(encodeFrame(FrameType.WINDOW_UPDATE, 0, streamId, uint32(by)));
  }

  #goAway(code: ErrorCode): void {
    const payload = Buffer.concat([uint32(this.#lastStreamId), uint32(code)]);
    this.write(encodeFrame(FrameType.GOAWAY, 0, 0, payload));
  }

  #fail(error: unknown): void {
    const cause = error instanceof Error ? error : new Error("a fault that is no error");
    this.#goAway(cause instanceof ConnectionError ? cause.code : ErrorCode.INTERNAL_ERROR);
    this.#flush();
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

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

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
