import type { Init, MessageType } from "../tfplugin6/codec.js";
import { GrpcError, Status } from "./status.js";
import { ProtocolError } from "../tfplugin6/protocol-error.js";

/** A flag, and the length in four bytes. */
export const HEADER_LENGTH = 5;

/** What Terraform allows for a message, both ways. */
export const MAX_MESSAGE_LENGTH = 256 * 1024 * 1024;

/** Below this a message gets its whole memory at once; above, memory follows what has come. */
const TRUSTED_LENGTH = 64 * 1024;

/** A message with gRPC's header before it. */
export function encodeFrame<T>(type: MessageType<T>, value: Init<T>): Uint8Array {
  const frame = type.encode(value, HEADER_LENGTH);
  const length = frame.byteLength - HEADER_LENGTH;
  if (length > MAX_MESSAGE_LENGTH) throw tooLarge(length);
  new DataView(frame.buffer, frame.byteOffset).setUint32(1, length);
  return frame;
}

/** @throws GrpcError for bytes that are no such message */
export function decodeMessage<T>(type: MessageType<T>, bytes: Uint8Array): T {
  try {
    return type.decode(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) throw new GrpcError(Status.INTERNAL, error.message);
    throw error;
  }
}

/**
 * Takes messages out of a stream of bytes that may be cut anywhere. Memory grows with what has come,
 * never with what a header promises.
 */
export class FrameReader {
  readonly #header = Buffer.alloc(HEADER_LENGTH);
  #headerFilled = 0;
  #length = 0;
  #message = Buffer.alloc(0);
  #filled = 0;

  /** Whether the stream has stopped inside of a message. */
  get incomplete(): boolean {
    return this.#headerFilled > 0;
  }

  /**
   * The messages that end within `chunk`. They may be views of it.
   *
   * @throws GrpcError for a compressed message and for one that is too large
   */
  push(chunk: Buffer): Uint8Array[] {
    const messages: Uint8Array[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerFilled < HEADER_LENGTH) {
        const copied = chunk.copy(
          this.#header,
          this.#headerFilled,
          at,
          at + HEADER_LENGTH - this.#headerFilled,
        );
        this.#headerFilled += copied;
        at += copied;
        if (this.#headerFilled < HEADER_LENGTH) break;
        this.#length = readHeader(this.#header);
      }
      const end = Math.min(chunk.length, at + this.#length - this.#filled);
      const part = chunk.subarray(at, end);
      at = end;
      if (part.length === this.#length) {
        messages.push(part);
      } else {
        this.#append(part);
        if (this.#filled < this.#length) break;
        messages.push(this.#message);
      }
      this.#headerFilled = 0;
      this.#filled = 0;
      this.#message = Buffer.alloc(0);
    }
    return messages;
  }

  #append(part: Buffer): void {
    const needed = this.#filled + part.length;
    if (needed > this.#message.length) {
      const room = Math.max(needed, this.#message.length * 2, TRUSTED_LENGTH);
      const grown = Buffer.allocUnsafeSlow(Math.min(room, this.#length));
      this.#message.copy(grown, 0, 0, this.#filled);
      this.#message = grown;
    }
    part.copy(this.#message, this.#filled);
    this.#filled = needed;
  }
}

const readHeader = (header: Buffer): number => {
  // A call with an encoding was refused at its headers, so there is none that a flag could mean.
  if (header[0] !== 0) {
    throw new GrpcError(
      Status.INTERNAL,
      "a message is flagged as compressed, with no encoding named",
    );
  }
  const length = header.readUInt32BE(1);
  if (length > MAX_MESSAGE_LENGTH) throw tooLarge(length);
  return length;
};

const tooLarge = (length: number): GrpcError =>
  new GrpcError(
    Status.RESOURCE_EXHAUSTED,
    `a message of ${length} bytes is larger than the limit of ${MAX_MESSAGE_LENGTH}`,
  );
