import { Flag, FrameType, withoutPadding, type Frame } from "./frame.js";
import { HpackDecoder, MAX_HEADER_LIST_SIZE, type Header } from "./hpack.js";
import { ConnectionError, ErrorCode } from "./http2-error.js";

/** More frames than any header block of a permitted size needs; empty ones never add up to a size. */
const MAX_PARTS = 100;

export interface HeaderBlock {
  readonly streamId: number;
  /** Of the frame that began it. */
  readonly flags: number;
  readonly headers: readonly Header[];
}

/**
 * Puts the header blocks of one connection together, from HEADERS and CONTINUATION frames between
 * which nothing else may stand (RFC 9113, 4.3), and decodes them.
 */
export class HeaderBlocks {
  readonly #decoder = new HpackDecoder();
  /** The block whose end has not come. */
  #begun: { readonly streamId: number; readonly flags: number; size: number } | undefined;
  #parts: Buffer[] = [];

  /**
   * @returns the block that this frame ends; `undefined` where there is none yet
   * @throws ConnectionError for a frame that does not belong here, and for a block that is no HPACK
   *   or too large
   */
  take(frame: Frame): HeaderBlock | undefined {
    return frame.type === FrameType.HEADERS ? this.#begin(frame) : this.#continue(frame);
  }

  /** @throws ConnectionError where a block has begun, and this frame does not continue it */
  expect({ type }: Frame): void {
    if (this.#begun !== undefined && type !== FrameType.CONTINUATION) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a header block is interrupted");
    }
  }

  #begin(frame: Frame): HeaderBlock | undefined {
    const { streamId, flags } = frame;
    if (streamId % 2 === 0) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a client opens an even stream");
    }
    const part = withoutPadding(frame, (flags & Flag.PRIORITY) !== 0 ? 5 : 0);
    if ((flags & Flag.END_HEADERS) !== 0) {
      return { streamId, flags, headers: this.#decoder.decode(part) };
    }
    this.#begun = { streamId, flags, size: part.length };
    this.#parts = [Buffer.from(part)];
    return undefined;
  }

  #continue({ streamId, flags, payload }: Frame): HeaderBlock | undefined {
    const begun = this.#begun;
    if (begun?.streamId !== streamId) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a continuation continues nothing");
    }
    begun.size += payload.length;
    if (begun.size > MAX_HEADER_LIST_SIZE || this.#parts.push(Buffer.from(payload)) > MAX_PARTS) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "a header block is too large");
    }
    if ((flags & Flag.END_HEADERS) === 0) return undefined;
    this.#begun = undefined;
    return { ...begun, headers: this.#decoder.decode(Buffer.concat(this.#parts)) };
  }
}
