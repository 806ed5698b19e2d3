import { schemaAt } from "./document.js";

// Schemas of the arguments of the simulator's methods, which also come as JSON from elsewhere.

const text = { type: "string" };

export const ENDPOINT = schemaAt("/components/schemas/CreateWebhookEndpointRequest");
export const MILLISECONDS = { type: "number", minimum: 0 };
export const EVENT = {
  type: "object",
  properties: {
    type: schemaAt("/components/schemas/WebhookEventType"),
    id: text,
    data: { type: "object" },
  },
  required: ["type"],
  additionalProperties: false,
};
export const METRIC_VALUE = {
  type: "object",
  properties: {
    metric: schemaAt("/components/schemas/AlertMetric"),
    value: { type: ["integer", "null"] },
    projectId: { type: ["string", "null"] },
  },
  required: ["metric", "value"],
  additionalProperties: false,
};
