import { OPERATION_IDS } from "./document.js";
import type { FaultKind } from "./faults.js";

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };
const status = { type: "integer", minimum: 200, maximum: 599 };

type Fields = readonly [fields: Record<string, unknown>, required?: readonly string[]];

const FIELDS_OF_KIND: Readonly<Record<FaultKind["kind"], Fields>> = {
  status: [
    { status, retryAfter: count, retryAfterAs: { enum: ["seconds", "date"] }, message: text },
    ["status"],
  ],
  slow: [{ delayMs: count }, ["delayMs"]],
  cut: [{}],
  reset: [{}],
  hang: [{}],
  html: [{ status }],
  empty: [{ status }],
  truncated: [{}],
  cutBody: [{}],
  noSecret: [{}],
  secret: [{ value: {} }, ["value"]],
  huge: [{ bytes: count }],
  endless: [{}],
  drip: [{ delayMs: count }],
  redirect: [{ location: text, status }, ["location"]],
};

const operation = { type: "string", enum: OPERATION_IDS };
const scope = {
  operation: { anyOf: [operation, { type: "array", items: operation }] },
  resourceId: text,
  times: { type: "integer", minimum: 1 },
  skip: count,
  probability: { type: "number", minimum: 0, maximum: 1 },
  seed: { type: "integer" },
  afterActing: { type: "boolean" },
};

/** A fault as it comes over HTTP. */
export const faultSchema = {
  type: "object",
  required: ["kind"],
  discriminator: { propertyName: "kind" },
  oneOf: Object.entries(FIELDS_OF_KIND).map(([kind, [fields, required = []]]) => ({
    properties: { kind: { const: kind }, ...fields, ...scope },
    required: ["kind", ...required],
    additionalProperties: false,
  })),
};
