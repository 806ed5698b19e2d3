/**
 * Shapes and limits of PolyAI's Webhooks and Alerts APIs as JSON Schemas. Requests are validated
 * with them, and the tests hold every answer against them.
 *
 * Answers refuse unknown properties, which the API's own documents do not, so that a secret or a
 * field of the simulator cannot slip into one.
 */

export const EVENT_TYPES = ["alerts.triggered", "alerts.resolved"] as const;
export const METRICS = [
  "turn_latency_p50",
  "turn_latency_p95",
  "api_errors",
  "function_errors",
  "call_crashes",
  "call_volume",
] as const;
export const OPERATORS = [">", "<", ">=", "<="] as const;
export const RULE_STATES = ["ok", "alert", "no_data", "unknown"] as const;
export const WINDOW_DURATIONS = ["5m", "10m", "60m"] as const;

/** How many of each an account may have. */
export const ACCOUNT_LIMITS = { endpoints: 10, rules: 10 } as const;

export type JsonSchema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, JsonSchema>>;

function object(properties: Properties, required: readonly string[] = []): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

function everyOf(properties: Properties): JsonSchema {
  return object(properties, Object.keys(properties));
}

function listOf(items: JsonSchema): JsonSchema {
  return everyOf({ data: { type: "array", items } });
}

const dateTime = { type: "string", format: "date-time" };
const nullableDateTime = { type: ["string", "null"], format: "date-time" };
const string = { type: "string" };
const nullableString = { type: ["string", "null"] };
const nullableInteger = { type: ["integer", "null"] };
const boolean = { type: "boolean" };
const eventType = { type: "string", enum: EVENT_TYPES };
const metric = { type: "string", enum: METRICS };
const endpointId = { type: "string", pattern: "^whe_[A-Za-z0-9]+$" };
const ruleId = { type: "string", pattern: "^ar_[A-Za-z0-9]+$" };
/** A boolean in a query string travels as text. */
const booleanText = { type: "string", enum: ["true", "false"] };

const endpointFields = {
  name: { type: "string", minLength: 1, maxLength: 255 },
  url: { type: "string", format: "uri", pattern: "^https://" },
  event_types: { type: "array", items: eventType, minItems: 1 },
  headers: { type: "object", additionalProperties: string },
  timeout_ms: { type: "integer", minimum: 1000, maximum: 30_000 },
  enabled: boolean,
};

const ruleFields = {
  name: string,
  project_id: nullableString,
  metric,
  operator: { type: "string", enum: OPERATORS },
  threshold_value: { type: "integer", minimum: 0 },
  window_duration: { type: "string", enum: WINDOW_DURATIONS },
  enabled: boolean,
};

const times = { created_at: dateTime, updated_at: dateTime };
const endpoint = { id: endpointId, ...endpointFields, ...times };
const evaluated = { last_evaluated_at: nullableDateTime, current_value: nullableInteger };
const rule = {
  id: ruleId,
  ...ruleFields,
  current_state: { type: "string", enum: RULE_STATES },
  since: nullableDateTime,
  ...evaluated,
  ...times,
};
const { enabled: _, ...alertFields } = ruleFields;

export const pathSchemas = {
  endpoint: everyOf({ endpoint_id: endpointId }),
  rule: everyOf({ rule_id: ruleId }),
};

/** Parameters that are not named are ignored, as the API's documents leave it. */
const query = (properties: Properties): JsonSchema => ({ type: "object", properties });

export const querySchemas = {
  endpoints: query({ enabled: booleanText, event_type: eventType }),
  rules: query({
    enabled: booleanText,
    metric,
    project_id: string,
    state: { type: "string", enum: RULE_STATES },
  }),
  alerts: query({ metric, project_id: string }),
};

export const requestSchemas = {
  createEndpoint: object(
    {
      ...endpointFields,
      timeout_ms: { ...endpointFields.timeout_ms, default: 5000 },
      enabled: { ...boolean, default: true },
      headers: { ...endpointFields.headers, default: {} },
    },
    ["name", "url", "event_types"],
  ),
  updateEndpoint: object(endpointFields),
  createRule: object(
    {
      ...ruleFields,
      project_id: { ...nullableString, default: null },
      enabled: { ...boolean, default: true },
    },
    ["name", "metric", "operator", "threshold_value", "window_duration"],
  ),
  updateRule: object(ruleFields),
};

export const responseSchemas = {
  endpoint: everyOf(endpoint),
  endpointWithSecret: everyOf({ ...endpoint, signing_secret: string }),
  endpoints: listOf(everyOf(endpoint)),
  rotatedSecret: everyOf({ signing_secret: string }),
  rule: everyOf(rule),
  rules: listOf(everyOf(rule)),
  alerts: listOf(everyOf({ alert_rule_id: ruleId, ...alertFields, since: dateTime, ...evaluated })),
  /** The documents' error envelope. `error_id` is the answer's `X-PolyAI-Correlation-Id`. */
  error: everyOf({
    success: { const: false },
    error: string,
    error_id: string,
    error_code: { type: "string", pattern: "^[A-Z]+(_[A-Z]+)*$" },
    error_message: string,
    data: { type: "null" },
  }),
  /** The short error body that the rotate-secret page documents. */
  errorMessage: everyOf({ message: string }),
  /** 422 of the Alerts API. */
  validationError: everyOf({
    detail: {
      type: "array",
      minItems: 1,
      items: everyOf({
        loc: { type: "array", items: { type: ["string", "integer"] } },
        msg: string,
        type: string,
      }),
    },
  }),
};

const keyed = { type: "object", additionalProperties: { type: "integer" } };

/** What a state file holds. */
export const stateFileSchema = everyOf({
  version: { const: 1 },
  accounts: {
    type: "object",
    additionalProperties: everyOf({
      endpoints: {
        type: "array",
        items: everyOf({
          endpoint: everyOf(endpoint),
          signingSecret: { type: "string", minLength: 1 },
          rotations: { type: "integer", minimum: 0 },
        }),
      },
      rules: { type: "array", items: everyOf({ rule: everyOf(rule), firing: boolean }) },
      metrics: keyed,
    }),
  },
});
