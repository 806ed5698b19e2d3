import { Setting } from "./frame.js";
import { ConnectionError, ErrorCode } from "./http2-error.js";

/** What the peer has said it takes (RFC 9113, 6.5), where it matters for what is sent to it. */
export class PeerSettings {
  initialWindowSize = 65_535;
  maxFrameSize = 16_384;

  /**
   * Reads the payload of a SETTINGS frame.
   *
   * @returns by how much the windows of open streams grow; a negative number shrinks them
   * @throws ConnectionError for a value that its setting cannot have
   */
  read(payload: Buffer): number {
    if (payload.length % 6 !== 0) {
      throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, "settings have a wrong length");
    }
    const before = this.initialWindowSize;
    for (let at = 0; at < payload.length; at += 6) {
      this.#set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
    }
    return this.initialWindowSize - before;
  }

  #set(id: number, value: number): void {
    if (id === Setting.ENABLE_PUSH && value > 1) throw wrong("ENABLE_PUSH");
    if (id === Setting.INITIAL_WINDOW_SIZE) {
      if (value > 0x7fffffff) throw wrong("INITIAL_WINDOW_SIZE", ErrorCode.FLOW_CONTROL_ERROR);
      this.initialWindowSize = value;
    }
    if (id === Setting.MAX_FRAME_SIZE) {
      if (value < 16_384 || value > 0xffffff) throw wrong("MAX_FRAME_SIZE");
      this.maxFrameSize = value;
    }
  }
}

const wrong = (name: string, code: ErrorCode = ErrorCode.PROTOCOL_ERROR): ConnectionError =>
  new ConnectionError(code, `${name} has a value that it cannot have`);
