import { OPERATION_IDS, type OperationId } from "./document.js";
import { checkArgument } from "./validation.js";

/**
 * The ways in which a call goes wrong. Kinds that answer 2xx act first, since they stand for an answer that was
 * spoilt on its way; the others do not, unless `afterActing` says so.
 */
export type FaultKind =
  /** An error status with the API's error body; `retryAfter` is sent as it is: seconds, or a date. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfter?: number | string;
      readonly message?: string;
    }
  /** The right answer, late. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** No answer: the connection is closed, reset (RST), or kept for ever. */
  | { readonly kind: "cut" | "reset" | "hang" }
  /** A web page, such as a proxy sends, or no body. Status 200 by default. */
  | { readonly kind: "html" | "empty"; readonly status?: number }
  /** The first half of the JSON, as a whole HTTP message. */
  | { readonly kind: "truncated" }
  /** Half of the announced body, then the connection is closed. */
  | { readonly kind: "cutBody" }
  /** The JSON with this for its `signing_secret`: `""`, a number, `null` … Omit for none. */
  | { readonly kind: "secret"; readonly value?: unknown }
  /** The right JSON after this much white space. 10 MiB by default. */
  | { readonly kind: "huge"; readonly bytes?: number }
  /** White space without end: 16 KiB at a time, and so many milliseconds between (0 by default). */
  | { readonly kind: "endless"; readonly delayMs?: number }
  /** A redirect. Status 307 by default. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number };

/** Which calls a fault meets. */
export interface FaultScope {
  /** All operations by default. */
  readonly operation?: OperationId | readonly OperationId[];
  /** Only calls for this endpoint or rule. */
  readonly resourceId?: string;
  /** How many calls it spoils; by default until it is cleared. */
  readonly times?: number;
  /** How many matching calls it lets pass first. */
  readonly skip?: number;
  /** True if the operation is carried out before the fault shows. */
  readonly afterActing?: boolean;
}

export type Fault = FaultKind & FaultScope;

/** Kinds that show before the operation is carried out. */
const BEFORE_ACTING: readonly string[] = ["status", "slow", "cut", "reset", "hang", "redirect"];

/** True if the operation is carried out before the fault shows. */
export function actsFirst(fault: Fault): boolean {
  if (fault.afterActing !== undefined) return fault.afterActing;
  const failed = (fault.kind === "html" || fault.kind === "empty") && (fault.status ?? 200) >= 300;
  return !BEFORE_ACTING.includes(fault.kind) && !failed;
}

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };
const status = { type: "integer", minimum: 200, maximum: 599 };
/** The fields of each kind, and those of them that it cannot do without. */
const KINDS: Readonly<Record<FaultKind["kind"], readonly [fields: object, ...string[]]>> = {
  status: [{ status, retryAfter: { type: ["integer", "string"] }, message: text }, "status"],
  slow: [{ delayMs: count }, "delayMs"],
  cut: [{}],
  reset: [{}],
  hang: [{}],
  html: [{ status }],
  empty: [{ status }],
  truncated: [{}],
  cutBody: [{}],
  secret: [{ value: {} }],
  huge: [{ bytes: count }],
  endless: [{ delayMs: count }],
  redirect: [{ location: text, status }, "location"],
};
const operation = { enum: OPERATION_IDS };
const scope = {
  operation: { anyOf: [operation, { type: "array", items: operation }] },
  resourceId: text,
  times: { type: "integer", minimum: 1 },
  skip: count,
  afterActing: { type: "boolean" },
};
const ANY = {
  type: "object",
  properties: { kind: { enum: Object.keys(KINDS) } },
  required: ["kind"],
};
const SCHEMAS = Object.fromEntries(
  Object.entries(KINDS).map(([kind, [fields, ...required]]) => [
    kind,
    { properties: { kind: {}, ...fields, ...scope }, required, additionalProperties: false },
  ]),
);

/** A fault that is switched on. */
export class ActiveFault {
  #toSkip: number;
  #left: number;

  /** @throws TypeError if a field is wrong, missing or not of this kind */
  constructor(readonly fault: Fault) {
    checkArgument(ANY, fault, "fault");
    checkArgument(SCHEMAS[fault.kind] ?? {}, fault, "fault");
    this.#toSkip = fault.skip ?? 0;
    this.#left = fault.times ?? Infinity;
  }

  /** True if it spoils this call. Counts the calls that match. */
  meets(call: OperationId, resourceId: string | null): boolean {
    const { operation = call, resourceId: only = resourceId } = this.fault;
    if (![operation].flat().includes(call) || only !== resourceId || this.#left === 0) return false;
    if (this.#toSkip-- > 0) return false;
    this.#left -= 1;
    return true;
  }
}
