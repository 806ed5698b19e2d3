import type { Socket } from "node:net";
import {
  encodeFrame,
  Flag,
  FRAME_HEADER_LENGTH,
  FrameType,
  MAX_FRAME_SIZE,
  writeFrameHeader,
} from "./frame.js";
import type { ErrorCode } from "./http2-error.js";

/**
 * What goes out on a connection. All that one turn of the event loop has to say is one write, and so
 * one TLS record.
 */
export class FrameOutput {
  readonly #socket: Socket;
  #waiting: Uint8Array[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    // A peer that does not read is not read either, until it does.
    socket.on("drain", () => socket.resume());
  }

  data(streamId: number, bytes: Uint8Array): void {
    this.#header(bytes.length, FrameType.DATA, 0, streamId);
    this.#write(bytes);
  }

  /** @param block as encodeHeaders gives it; it may need several frames */
  headers(streamId: number, block: Uint8Array, endStream: boolean): void {
    for (let at = 0; at === 0 || at < block.length; at += MAX_FRAME_SIZE) {
      const part = block.subarray(at, at + MAX_FRAME_SIZE);
      const type = at === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      const flags =
        (at === 0 && endStream ? Flag.END_STREAM : 0) |
        (at + part.length === block.length ? Flag.END_HEADERS : 0);
      this.#header(part.length, type, flags, streamId);
      this.#write(part);
    }
  }

  reset(streamId: number, code: ErrorCode): void {
    this.#write(encodeFrame(FrameType.RST_STREAM, 0, streamId, uint32(code)));
  }

  settings(settings: readonly (readonly [id: number, value: number])[]): void {
    const payload = Buffer.alloc(settings.length * 6);
    for (const [index, [id, value]] of settings.entries()) {
      payload.writeUInt16BE(id, index * 6);
      payload.writeUInt32BE(value, index * 6 + 2);
    }
    this.#write(encodeFrame(FrameType.SETTINGS, 0, 0, payload));
  }

  acknowledgeSettings(): void {
    this.#header(0, FrameType.SETTINGS, Flag.ACK, 0);
  }

  pong(payload: Uint8Array): void {
    this.#write(encodeFrame(FrameType.PING, Flag.ACK, 0, payload));
  }

  goAway(lastStreamId: number, code: ErrorCode): void {
    const payload = Buffer.concat([uint32(lastStreamId), uint32(code)]);
    this.#write(encodeFrame(FrameType.GOAWAY, 0, 0, payload));
  }

  /** @param streamId 0 for the whole connection */
  windowUpdate(streamId: number, by: number): void {
    this.#write(encodeFrame(FrameType.WINDOW_UPDATE, 0, streamId, uint32(by)));
  }

  /** Writes what waits for the end of this turn. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0 || this.#socket.destroyed) return;
    if (!this.#socket.write(Buffer.concat(waiting))) this.#socket.pause();
  }

  #header(length: number, type: number, flags: number, streamId: number): void {
    const header = Buffer.allocUnsafe(FRAME_HEADER_LENGTH);
    writeFrameHeader(header, 0, length, type, flags, streamId);
    this.#write(header);
  }

  #write(bytes: Uint8Array): void {
    if (this.#waiting.length === 0) process.nextTick(() => this.flush());
    this.#waiting.push(bytes);
  }
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
