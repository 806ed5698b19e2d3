import type { FaultKind } from "./faults.js";
import { OPERATION_IDS } from "./operations.js";

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };
const status = { type: "integer", minimum: 200, maximum: 599 };

const FIELDS_OF_KIND: Readonly<Record<FaultKind["kind"], Record<string, unknown>>> = {
  status: {
    status,
    retryAfter: count,
    retryAfterAs: { enum: ["seconds", "date"] },
    message: text,
  },
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

const REQUIRED_OF_KIND: Partial<Record<FaultKind["kind"], readonly string[]>> = {
  status: ["status"],
  slow: ["delayMs"],
  secret: ["value"],
  redirect: ["location"],
};

const operationId = { type: "string", enum: OPERATION_IDS };

/** A fault as it comes over HTTP. */
export const faultSchema = {
  type: "object",
  required: ["kind"],
  discriminator: { propertyName: "kind" },
  oneOf: Object.entries(FIELDS_OF_KIND).map(([kind, fields]) => ({
    properties: {
      kind: { const: kind },
      ...fields,
      operation: { anyOf: [operationId, { type: "array", items: operationId }] },
      resourceId: text,
      times: { type: "integer", minimum: 1 },
      skip: count,
      probability: { type: "number", minimum: 0, maximum: 1 },
      seed: { type: "integer" },
      afterActing: { type: "boolean" },
    },
    required: ["kind", ...(REQUIRED_OF_KIND[kind as FaultKind["kind"]] ?? [])],
    additionalProperties: false,
  })),
};
