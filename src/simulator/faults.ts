import type { OperationId } from "./document.js";
import { checkFault, type Fault } from "./fault.js";

interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  readonly random: () => number;
  toSkip: number;
  left: number;
}

/** The faults that are switched on, in the order in which they were. */
export class Faults {
  private readonly active = new Map<string, ActiveFault>();
  private count = 0;

  /** @returns an id for {@link clear}. @throws TypeError if the fault is no {@link Fault} */
  set(fault: Fault): string {
    checkFault(fault);
    this.count += 1;
    const id = `fault-${this.count}`;
    const random = seededRandom(fault.seed ?? 1);
    const { skip: toSkip = 0, times: left = Infinity } = fault;
    this.active.set(id, { id, fault, random, toSkip, left });
    return id;
  }

  /** Switches one fault off, or all of them. */
  clear(id?: string): void {
    if (id === undefined) this.active.clear();
    else this.active.delete(id);
  }

  list(): { id: string; fault: Fault }[] {
    return [...this.active.values()].map(({ id, fault }) => ({ id, fault }));
  }

  /** The fault that this call meets, if any. The first that was set wins. */
  meet(operation: OperationId, resourceId: string | null): Fault | undefined {
    for (const entry of this.active.values()) {
      if (!matches(entry.fault, operation, resourceId)) continue;
      if (entry.toSkip > 0) {
        entry.toSkip -= 1;
        continue;
      }
      if (entry.random() >= (entry.fault.probability ?? 1)) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.active.delete(entry.id);
      return entry.fault;
    }
    return undefined;
  }
}

function matches(fault: Fault, operation: OperationId, resourceId: string | null): boolean {
  const operations = [fault.operation ?? operation].flat();
  return (
    operations.includes(operation) &&
    (fault.resourceId === undefined || fault.resourceId === resourceId)
  );
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
