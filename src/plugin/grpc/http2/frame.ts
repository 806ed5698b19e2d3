import { ConnectionError, ErrorCode } from "./http2-error.js";

/** RFC 9113, 6. */
export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const Flag = { ACK: 1, END_STREAM: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 0x20 } as const;

/** Whether DATA or HEADERS with these flags end their stream. */
export const isEndOfStream = (flags: number): boolean => (flags & Flag.END_STREAM) !== 0;

/** RFC 9113, 6.5.2. */
export const Setting = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

export const FRAME_HEADER_LENGTH = 9;
/** HTTP/2's own default for a frame's payload, which this server keeps for what it takes. */
export const MAX_FRAME_SIZE = 16 * 1024;
export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  /** A view of what has come; whoever keeps it copies it. */
  readonly payload: Buffer;
}

export function writeFrameHeader(
  into: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  into.writeUIntBE(length, at, 3);
  into[at + 3] = type;
  into[at + 4] = flags;
  into.writeUInt32BE(streamId, at + 5);
}

export function encodeFrame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array,
): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_LENGTH + payload.length);
  writeFrameHeader(frame, 0, payload.length, type, flags, streamId);
  frame.set(payload, FRAME_HEADER_LENGTH);
  return frame;
}

/** Takes a client's preface and then its frames out of bytes that may be cut anywhere. */
export class FrameParser {
  #rest: Buffer = Buffer.alloc(0);
  #greeted = false;

  /**
   * Hands each whole frame to `take`.
   *
   * @throws ConnectionError for bytes that are no HTTP/2, and for a frame that is too large
   */
  push(chunk: Buffer, take: (frame: Frame) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    if (!this.#greeted) {
      const start = bytes.subarray(0, PREFACE.length);
      if (!PREFACE.subarray(0, start.length).equals(start)) {
        throw new ConnectionError(
          ErrorCode.PROTOCOL_ERROR,
          "a connection does not begin as HTTP/2",
        );
      }
      if (start.length === PREFACE.length) {
        this.#greeted = true;
        at = PREFACE.length;
      }
    }
    while (this.#greeted && bytes.length - at >= FRAME_HEADER_LENGTH) {
      const length = bytes.readUIntBE(at, 3);
      if (length > MAX_FRAME_SIZE) {
        throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `a frame of ${length} bytes`);
      }
      const end = at + FRAME_HEADER_LENGTH + length;
      if (bytes.length < end) break;
      take({
        type: bytes[at + 3] as number,
        flags: bytes[at + 4] as number,
        streamId: bytes.readUInt32BE(at + 5) & 0x7fffffff,
        payload: bytes.subarray(at + FRAME_HEADER_LENGTH, end),
      });
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}

/**
 * The payload without its padding (RFC 9113, 6.1), and without what HEADERS may say of priority.
 *
 * @throws ConnectionError for padding that is longer than the payload
 */
export function withoutPadding({ flags, payload }: Frame, priority = 0): Buffer {
  const padded = (flags & Flag.PADDED) !== 0;
  const start = (padded ? 1 : 0) + priority;
  const end = payload.length - (padded ? (payload[0] ?? 0) : 0);
  if (end < start) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "padding exceeds its frame");
  return payload.subarray(start, end);
}
