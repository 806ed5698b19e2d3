import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
import { call, type CallOptions } from "./client.js";

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

/** Fields at the edges of each rule that the document has. */
const GOOD_ENDPOINT_FIELDS: readonly Field[] = [
  ["name", "255 characters beyond the basic plane", "😀".repeat(255)],
  ["url", "with a port and a query", "https://example.com:8443/a?b=c"],
  ["headers", "some", { "X-One": "1", "X-Two": "" }],
  ["timeout_ms", "the minimum", 1000],
  ["timeout_ms", "the maximum", 30000],
  ["enabled", "false", false],
];
const BAD_ENDPOINT_FIELDS: readonly Field[] = [
  ["name", "empty", ""],
  ["name", "256 characters", "a".repeat(256)],
  ["name", "null", null],
  ["url", "plain http", "http://example.com"],
  ["url", "with a space", "https://example.com/a b"],
  ["event_types", "empty", []],
  ["event_types", "an unknown type", ["alerts.muted"]],
  ["headers", "a number as value", { "X-One": 1 }],
  ["timeout_ms", "below the minimum", 999],
  ["timeout_ms", "above the maximum", 30001],
  ["timeout_ms", "a fraction", 1500.5],
  ["timeout_ms", "text", "5000"],
  ["enabled", "text", "true"],
  ["signing_secret", "not writable", "secret"],
  ["__proto__", "unknown", "x"],
];
const GOOD_RULE_FIELDS: readonly Field[] = [
  ["threshold_value", "zero", 0],
  ["threshold_value", "a whole number with a fraction of zero", 3.0],
  ["project_id", "null", null],
  ["name", "empty, for which no limit is documented", ""],
];
const BAD_RULE_FIELDS: readonly Field[] = [
  ["metric", "unknown", "turn_latency_p99"],
  ["operator", "unknown", "=="],
  ["threshold_value", "negative", -1],
  ["threshold_value", "a fraction", 1.5],
  ["window_duration", "unknown", "15m"],
  ["project_id", "a number", 1],
  ["enabled", "null", null],
  ["current_state", "not writable", "ok"],
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

describe("a body", () => {
  const create = (options: CallOptions) => call(simulator, "createWebhookEndpoint", options);

  it.each([
    ["not JSON", { rawBody: "{" }],
    ["empty", { rawBody: "", headers: { "content-type": "application/json" } }],
    ["not there", {}],
    ["JSON said to be text", { rawBody: "{}", headers: { "content-type": "text/plain" } }],
  ])("that is %s is a bad request", async (_, options) => {
    expect(await create(options)).toMatchObject({
      status: 400,
      body: { error_code: "BAD_REQUEST" },
    });
  });

  it.each(["[]", "null", '"text"', "1"])("%s is not an object", async (rawBody) => {
    expect(await create({ rawBody })).toMatchObject({ status: 422 });
  });

  it("over 1 MiB is too large", async () => {
    const body = { name: "a".repeat(1024 * 1024) };
    expect(await create({ body })).toMatchObject({ status: 413 });
  });

  it("may name a charset", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect(await create({ body: ENDPOINT, headers })).toMatchObject({ status: 201 });
  });
});

describe("query strings", () => {
  it.each([
    ["listWebhookEndpoints", "?enabled=yes"],
    ["listWebhookEndpoints", "?event_type=alerts.muted"],
    ["listAlertRules", "?state=firing"],
    ["getActiveAlerts", "?metric=latency"],
  ] as const)("%s refuses %s", async (operation, query) => {
    expect(await call(simulator, operation, { query })).toMatchObject({
      status: 400,
      body: { error_code: "BAD_REQUEST" },
    });
  });

  it("may hold parameters that are not documented", async () => {
    await simulator.createEndpoint();
    const { body } = await call(simulator, "listWebhookEndpoints", { query: "?page=2" });
    expect(body).toMatchObject({ data: [{}] });
  });
});
