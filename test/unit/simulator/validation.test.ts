import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
import { call } from "./client.js";

// The limits of both of the API's documents, restated, so that a schema that is changed by
// accident fails here.

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

const ENDPOINT = {
  name: "Production alerts",
  url: "https://example.com/webhooks/polyai",
  event_types: ["alerts.triggered"],
};
const RULE = {
  name: "High turn latency",
  metric: "turn_latency_p95",
  operator: ">=",
  threshold_value: 1500,
  window_duration: "5m",
};

type Field = readonly [field: string, what: string, value: unknown];

const GOOD_ENDPOINT_FIELDS: readonly Field[] = [
  ["name", "one character", "a"],
  ["name", "255 characters", "a".repeat(255)],
  ["name", "255 characters beyond the basic plane", "😀".repeat(255)],
  ["url", "with a port and a query", "https://example.com:8443/a?b=c"],
  ["event_types", "one", ["alerts.resolved"]],
  ["event_types", "both", ["alerts.triggered", "alerts.resolved"]],
  ["headers", "none", {}],
  ["headers", "some", { "X-One": "1", "X-Two": "" }],
  ["timeout_ms", "the minimum", 1000],
  ["timeout_ms", "the maximum", 30000],
  ["enabled", "false", false],
];

const BAD_ENDPOINT_FIELDS: readonly Field[] = [
  ["name", "empty", ""],
  ["name", "256 characters", "a".repeat(256)],
  ["name", "a number", 1],
  ["name", "null", null],
  ["url", "plain http", "http://example.com"],
  ["url", "upper-case scheme", "HTTPS://example.com"],
  ["url", "no scheme", "example.com"],
  ["url", "with a space", "https://example.com/a b"],
  ["url", "empty", ""],
  ["url", "null", null],
  ["event_types", "empty", []],
  ["event_types", "an unknown type", ["alerts.muted"]],
  ["event_types", "text", "alerts.triggered"],
  ["event_types", "null", null],
  ["headers", "a number as value", { "X-One": 1 }],
  ["headers", "null as value", { "X-One": null }],
  ["headers", "a list", ["X-One"]],
  ["headers", "null", null],
  ["timeout_ms", "below the minimum", 999],
  ["timeout_ms", "above the maximum", 30001],
  ["timeout_ms", "a fraction", 1500.5],
  ["timeout_ms", "text", "5000"],
  ["enabled", "text", "true"],
  ["enabled", "a number", 1],
  ["enabled", "null", null],
  ["id", "not writable", "whe_abc"],
  ["signing_secret", "not writable", "secret"],
  ["created_at", "not writable", "2026-01-01T00:00:00Z"],
  ["description", "unknown", "x"],
  ["__proto__", "unknown", "x"],
];

const GOOD_RULE_FIELDS: readonly Field[] = [
  ...[
    "turn_latency_p50",
    "turn_latency_p95",
    "api_errors",
    "function_errors",
    "call_crashes",
    "call_volume",
  ].map((metric): Field => ["metric", metric, metric]),
  ...[">", "<", ">=", "<="].map((operator): Field => ["operator", operator, operator]),
  ...["5m", "10m", "60m"].map((window): Field => ["window_duration", window, window]),
  ["threshold_value", "zero", 0],
  ["threshold_value", "a whole number with a fraction of zero", 3.0],
  ["project_id", "null", null],
  ["project_id", "text", "proj_abc123"],
  ["name", "empty, for which no limit is documented", ""],
  ["name", "long, for which no limit is documented", "a".repeat(1000)],
  ["enabled", "false", false],
];

const BAD_RULE_FIELDS: readonly Field[] = [
  ["metric", "unknown", "turn_latency_p99"],
  ["metric", "null", null],
  ["operator", "unknown", "=="],
  ["operator", "null", null],
  ["threshold_value", "negative", -1],
  ["threshold_value", "a fraction", 1.5],
  ["threshold_value", "text", "1500"],
  ["threshold_value", "null", null],
  ["window_duration", "unknown", "15m"],
  ["window_duration", "a number", 5],
  ["name", "null", null],
  ["name", "a number", 1],
  ["project_id", "a number", 1],
  ["enabled", "null", null],
  ["enabled", "text", "false"],
  ["id", "not writable", "ar_abc"],
  ["current_state", "not writable", "ok"],
  ["account_id", "unknown", "x"],
];

/** JSON text, so that `__proto__` is a field like any other. */
const withField = (base: object, [field, , value]: Field): string =>
  JSON.stringify(base).replace(/\}$/, `,${JSON.stringify(field)}:${JSON.stringify(value)}}`);
const onlyField = ([field, , value]: Field): string =>
  `{${JSON.stringify(field)}:${JSON.stringify(value)}}`;

const KINDS = [
  ["WebhookEndpoint", ENDPOINT, GOOD_ENDPOINT_FIELDS, BAD_ENDPOINT_FIELDS],
  ["AlertRule", RULE, GOOD_RULE_FIELDS, BAD_RULE_FIELDS],
] as const;

describe.each(KINDS)("%s", (kind, base, good, bad) => {
  const create = `create${kind}` as const;
  let id: string;
  beforeEach(async () => {
    ({ id } = (await call(simulator, create, { body: base })).body);
  });

  it.each(good)("takes %s: %s", async (...field) => {
    const shown = { [field[0]]: field[2] };
    const made = await call(simulator, create, { rawBody: withField(base, field) });
    expect(made).toMatchObject({ status: 201, body: shown });
    const changed = await call(simulator, `update${kind}`, { id, rawBody: onlyField(field) });
    expect(changed).toMatchObject({ status: 200, body: shown });
  });

  it.each(bad)("refuses %s: %s", async (...field) => {
    const before = await call(simulator, `get${kind}`, { id });
    const made = await call(simulator, create, { rawBody: withField(base, field) });
    expect(made.status).toBe(422);
    expect(JSON.stringify(made.body)).toMatch(new RegExp(`body(\\.|",")${field[0]}`));
    const changed = await call(simulator, `update${kind}`, { id, rawBody: onlyField(field) });
    expect(changed.status).toBe(422);
    expect((await call(simulator, `get${kind}`, { id })).body).toEqual(before.body);
  });

  it.each(Object.keys(base))("requires %s", async (field) => {
    const { status, body } = await call(simulator, create, {
      body: { ...base, [field]: undefined },
    });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toMatch(new RegExp(`${field}.*Field required`));
  });

  it("takes an update that changes nothing", async () => {
    expect(await call(simulator, `update${kind}`, { id, body: {} })).toMatchObject({ status: 200 });
  });
});

describe.each(["createWebhookEndpoint", "createAlertRule"] as const)(
  "the body of %s",
  (operation) => {
    it.each([
      ["not JSON", { rawBody: "{" }],
      ["empty", { rawBody: "", headers: { "content-type": "application/json" } }],
      ["not there", {}],
      [
        "form-encoded",
        { rawBody: "name=a", headers: { "content-type": "application/x-www-form-urlencoded" } },
      ],
      ["JSON said to be text", { rawBody: "{}", headers: { "content-type": "text/plain" } }],
    ])("that is %s is a bad request", async (_, options) => {
      expect(await call(simulator, operation, options)).toMatchObject({
        status: 400,
        body: { error_code: "BAD_REQUEST" },
      });
    });

    it.each(["[]", "null", '"text"', "1"])("%s is not an object", async (rawBody) => {
      expect(await call(simulator, operation, { rawBody })).toMatchObject({ status: 422 });
    });

    it("over 1 MiB is too large", async () => {
      const body = { name: "a".repeat(1024 * 1024) };
      expect(await call(simulator, operation, { body })).toMatchObject({ status: 413 });
    });

    it("may name a charset", async () => {
      const headers = { "content-type": "application/json; charset=utf-8" };
      expect(await call(simulator, operation, { body: {}, headers })).toMatchObject({
        status: 422,
      });
    });
  },
);

describe("query strings", () => {
  it.each([
    ["listWebhookEndpoints", "?enabled=yes"],
    ["listWebhookEndpoints", "?enabled="],
    ["listWebhookEndpoints", "?event_type=alerts.muted"],
    ["listAlertRules", "?enabled=1"],
    ["listAlertRules", "?metric=latency"],
    ["listAlertRules", "?state=firing"],
    ["getActiveAlerts", "?metric=latency"],
  ] as const)("%s refuses %s", async (operation, query) => {
    expect(await call(simulator, operation, { query })).toMatchObject({
      status: 400,
      body: { error_code: "BAD_REQUEST" },
    });
  });

  it.each(["listWebhookEndpoints", "listAlertRules", "getActiveAlerts"] as const)(
    "%s passes over parameters that are not documented",
    async (operation) => {
      expect(await call(simulator, operation, { query: "?page=2" })).toMatchObject({ status: 200 });
    },
  );
});
