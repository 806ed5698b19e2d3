/** Room for a large message to flow without waiting for each window update. */
export const WINDOW = 16 * 1024 * 1024;

/** What a peer may still send, on one stream or on a whole connection (RFC 9113, 5.2), in bytes. */
export class ReceiveWindow {
  #left = WINDOW;

  /** Counts what has come. Gives whether that was allowed. */
  take(length: number): boolean {
    this.#left -= length;
    return this.#left >= 0;
  }

  /** By how much to open it again: nothing before half of it is used up. */
  reopen(): number {
    if (this.#left >= WINDOW / 2) return 0;
    const by = WINDOW - this.#left;
    this.#left = WINDOW;
    return by;
  }
}
