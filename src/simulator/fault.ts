import { OPERATION_IDS, type OperationId } from "./document.js";
import { checkArgument } from "./validation.js";

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
  /** A web page, such as a proxy sends. Status 200 by default. */
  | { readonly kind: "html"; readonly status?: number }
  /** No body. Status 200 by default. */
  | { readonly kind: "empty"; readonly status?: number }
  /** The first half of the JSON, as a whole HTTP message. */
  | { readonly kind: "truncated" }
  /** Half of the announced body, then the connection is closed. */
  | { readonly kind: "cutBody" }
  /** The JSON without its `signing_secret`. */
  | { readonly kind: "noSecret" }
  /** The JSON with this for its `signing_secret`: `""`, a number, `null` … */
  | { readonly kind: "secret"; readonly value: unknown }
  /** The right JSON after this much white space. 10 MiB by default. */
  | { readonly kind: "huge"; readonly bytes?: number }
  /** White space without end. */
  | { readonly kind: "endless" }
  /** The right answer, one byte each `delayMs` (100 by default). */
  | { readonly kind: "drip"; readonly delayMs?: number }
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
  /** Chance from 0 to 1 that it spoils a matching call; 1 by default. */
  readonly probability?: number;
  /** Makes `probability` repeatable; 1 by default. */
  readonly seed?: number;
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
const FIELDS: Readonly<Record<FaultKind["kind"], object>> = {
  status: { status, retryAfter: count, retryAfterAs: { enum: ["seconds", "date"] }, message: text },
  slow: { delayMs: count },
  cut: {},
  reset: {},
  hang: {},
  html: { status },
  empty: { status },
  truncated: {},
  cutBody: {},
  noSecret: {},
  secret: { value: {} },
  huge: { bytes: count },
  endless: {},
  drip: { delayMs: count },
  redirect: { location: text, status },
};
const REQUIRED: Readonly<Record<string, string>> = {
  status: "status",
  slow: "delayMs",
  secret: "value",
  redirect: "location",
};
const operation = { enum: OPERATION_IDS };
const scope = {
  operation: { anyOf: [operation, { type: "array", items: operation }] },
  resourceId: text,
  times: { type: "integer", minimum: 1 },
  skip: count,
  probability: { type: "number", minimum: 0, maximum: 1 },
  seed: { type: "integer" },
  afterActing: { type: "boolean" },
};
const ANY = {
  type: "object",
  properties: { kind: { enum: Object.keys(FIELDS) } },
  required: ["kind"],
};
const SCHEMAS = Object.fromEntries(
  Object.entries(FIELDS).map(([kind, fields]) => [
    kind,
    {
      properties: { kind: {}, ...fields, ...scope },
      required: [REQUIRED[kind] ?? []].flat(),
      additionalProperties: false,
    },
  ]),
);

/** @throws TypeError if a field is wrong, missing or not of this kind */
export function checkFault(fault: Fault): void {
  checkArgument(ANY, fault, "fault");
  checkArgument(SCHEMAS[fault.kind] ?? {}, fault, "fault");
}
