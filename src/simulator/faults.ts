import type { OperationId } from "./document.js";
import type { Fault } from "./fault.js";

/** A fault that is switched on. */
export class ActiveFault {
  readonly #random: () => number;
  #toSkip: number;
  #left: number;

  constructor(
    readonly id: string,
    readonly fault: Fault,
  ) {
    this.#random = seededRandom(fault.seed ?? 1);
    this.#toSkip = fault.skip ?? 0;
    this.#left = fault.times ?? Infinity;
  }

  /** True if it has spoilt as many calls as it may. */
  get isSpent(): boolean {
    return this.#left === 0;
  }

  /** True if it spoils this call. Counts the calls that match. */
  meets(call: OperationId, resourceId: string | null): boolean {
    const { operation = call, resourceId: only = resourceId, probability = 1 } = this.fault;
    if (![operation].flat().includes(call) || only !== resourceId) return false;
    if (this.#toSkip > 0) {
      this.#toSkip -= 1;
      return false;
    }
    if (this.#random() >= probability) return false;
    this.#left -= 1;
    return true;
  }
}

/** Mulberry32: small, and the same numbers for the same seed everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
