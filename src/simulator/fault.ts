import { objectWith, OPERATION_IDS, type OperationId } from "./document.js";
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
const BEFORE_ACTING: readonly string[] = ["status", "cut", "reset", "hang", "redirect"];

/** True if the operation is carried out before the fault shows. */
export function actsFirst(fault: Fault): boolean {
  const failed = "status" in fault && (fault.status ?? 200) >= 300;
  return fault.afterActing ?? !(failed || BEFORE_ACTING.includes(fault.kind));
}

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };
const status = { type: "integer", minimum: 200, maximum: 599 };
const operation = { enum: OPERATION_IDS };
const scope = {
  operation: { anyOf: [operation, { type: "array", items: operation }] },
  resourceId: text,
  times: { type: "integer", minimum: 1 },
  skip: count,
  afterActing: { type: "boolean" },
};
const fault = (fields: object = {}, ...required: string[]) =>
  objectWith({ kind: {}, ...fields, ...scope }, ...required);
const SCHEMAS: Readonly<Record<FaultKind["kind"], object>> = {
  status: fault({ status, retryAfter: { type: ["integer", "string"] }, message: text }, "status"),
  slow: fault({ delayMs: count }, "delayMs"),
  cut: fault(),
  reset: fault(),
  hang: fault(),
  html: fault({ status }),
  empty: fault({ status }),
  truncated: fault(),
  cutBody: fault(),
  secret: fault({ value: {} }),
  huge: fault({ bytes: count }),
  endless: fault({ delayMs: count }),
  redirect: fault({ location: text, status }, "location"),
};
const kind = { enum: Object.keys(SCHEMAS) };
const ANY = { type: "object", properties: { kind }, required: ["kind"] };

/** A fault that is switched on. */
export class ActiveFault {
  #matches = 0;

  /** @throws TypeError if a field is wrong, missing or not of this kind */
  constructor(readonly fault: Fault) {
    checkArgument(ANY, fault, "fault");
    checkArgument(SCHEMAS[fault.kind], fault, "fault");
  }

  /** True if it spoils this call. Counts the calls that match. */
  meets(call: OperationId, resourceId: string | null): boolean {
    const {
      operation = call,
      resourceId: only = resourceId,
      skip = 0,
      times = Infinity,
    } = this.fault;
    if (![operation].flat().includes(call) || only !== resourceId) return false;
    this.#matches += 1;
    return this.#matches > skip && this.#matches <= skip + times;
  }
}
