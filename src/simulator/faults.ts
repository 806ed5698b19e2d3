import { firstHalf, whole, type Answer, type Outcome } from "./answer.js";
import type { OperationId } from "./document.js";

/**
 * The ways in which a call goes wrong. Kinds that answer 2xx act first, since they stand for an answer that was
 * spoilt on its way; the others do not, unless `afterActing` says so.
 */
export type FaultKind =
  /** An error status with the API's error body; `retryAfter` in seconds, sent as told. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfter?: number;
      readonly retryAfterAs?: "seconds" | "date";
      readonly message?: string;
    }
  /** The right answer, late. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** The connection is closed without an answer. */
  | { readonly kind: "cut" }
  /** The connection is reset (RST) without an answer. */
  | { readonly kind: "reset" }
  /** No answer, ever; the connection stays. */
  | { readonly kind: "hang" }
  /** A web page, such as a proxy sends. Status 200 where not given. */
  | { readonly kind: "html"; readonly status?: number }
  /** No body. Status 200 where not given. */
  | { readonly kind: "empty"; readonly status?: number }
  /** The first half of the JSON, as a whole HTTP message. */
  | { readonly kind: "truncated" }
  /** Half of the announced body, then the connection is closed. */
  | { readonly kind: "cutBody" }
  /** The JSON without its `signing_secret`. */
  | { readonly kind: "noSecret" }
  /** The JSON with this for its `signing_secret`: `""`, a number, `null` … */
  | { readonly kind: "secret"; readonly value: unknown }
  /** The right JSON after this much white space. 10 MiB where not given. */
  | { readonly kind: "huge"; readonly bytes?: number }
  /** White space without end. */
  | { readonly kind: "endless" }
  /** The right answer, one byte each `delayMs` (100 where not given). */
  | { readonly kind: "drip"; readonly delayMs?: number }
  /** A redirect. Status 307 where not given. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number };

/** Which calls a fault meets. */
export interface FaultScope {
  /** The operations; every one where not given. */
  readonly operation?: OperationId | readonly OperationId[];
  /** Only calls for this endpoint or rule. */
  readonly resourceId?: string;
  /** The number of calls that it spoils. By default it lasts until cleared. */
  readonly times?: number;
  /** The number of matching calls that pass first. */
  readonly skip?: number;
  /** Chance from 0 to 1 that it spoils a matching call; 1 where not given. */
  readonly probability?: number;
  /** Makes `probability` repeatable; 1 where not given. */
  readonly seed?: number;
  /** True if the operation is carried out before the fault shows. */
  readonly afterActing?: boolean;
}

export type Fault = FaultKind & FaultScope;

const KINDS_BEFORE_ACTING: readonly Fault["kind"][] = [
  "status",
  "slow",
  "cut",
  "reset",
  "hang",
  "redirect",
];

/** True if the operation is carried out before the fault shows. */
export function actsFirst(fault: Fault): boolean {
  if (fault.afterActing !== undefined) return fault.afterActing;
  const failed = (fault.kind === "html" || fault.kind === "empty") && (fault.status ?? 200) >= 300;
  return !KINDS_BEFORE_ACTING.includes(fault.kind) && !failed;
}

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

  /** @returns an id for {@link clear} */
  set(fault: Fault): string {
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

const TEN_MIB = 10 * 1024 * 1024;
const WEB_PAGE =
  "<!DOCTYPE html>\n<html><body><h1>Please sign in to the network</h1></body></html>\n";

/**
 * The answer that reaches the caller under a fault.
 *
 * @param right what the API would have answered
 * @param failure the API's own answer for an error status
 */
export function spoil(
  fault: Fault,
  right: Answer,
  failure: (status: number, message?: string) => Answer,
): Outcome {
  switch (fault.kind) {
    case "status":
      return whole(withRetryAfter(failure(fault.status, fault.message), fault));
    case "slow":
      return whole(right, fault.delayMs);
    case "cut":
    case "reset":
    case "hang":
      return { transfer: fault.kind, answer: null, delayMs: 0 };
    case "html": {
      const headers = { ...right.headers, "content-type": "text/html; charset=utf-8" };
      return whole({ status: fault.status ?? 200, text: WEB_PAGE, headers });
    }
    case "empty":
      return whole({ ...right, status: fault.status ?? 200, text: "" });
    case "truncated":
      return whole({ ...right, text: firstHalf(right.text) });
    case "cutBody":
      return { transfer: "half", answer: right, delayMs: 0 };
    case "noSecret": {
      const { signing_secret: _, ...rest } = fieldsOf(right);
      return whole({ ...right, text: JSON.stringify(rest) });
    }
    case "secret": {
      const fields = { ...fieldsOf(right), signing_secret: fault.value };
      return whole({ ...right, text: JSON.stringify(fields) });
    }
    case "huge":
      return whole({ ...right, text: " ".repeat(fault.bytes ?? TEN_MIB) + right.text });
    case "endless":
      return { transfer: "endless", answer: right, delayMs: 0 };
    case "drip":
      return { transfer: "drip", answer: right, delayMs: fault.delayMs ?? 100 };
    case "redirect": {
      const headers = { ...right.headers, location: fault.location };
      return whole({ status: fault.status ?? 307, text: "", headers });
    }
  }
}

function withRetryAfter(answer: Answer, fault: Fault & { kind: "status" }): Answer {
  const { retryAfter, retryAfterAs = "seconds" } = fault;
  if (retryAfter === undefined) return answer;
  const value =
    retryAfterAs === "seconds"
      ? String(retryAfter)
      : new Date(Date.now() + retryAfter * 1000).toUTCString();
  return { ...answer, headers: { ...answer.headers, "retry-after": value } };
}

function fieldsOf({ text }: Answer): Record<string, unknown> {
  return JSON.parse(text || "{}") as Record<string, unknown>;
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
