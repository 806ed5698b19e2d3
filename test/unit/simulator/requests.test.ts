// The contract test calls every operation; the provider's tests filter lists and change objects.
import { startSimulator, type OperationId, type Simulator } from "../../../src/simulator/index.js";
import { call, type CallOptions } from "./client.js";

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

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ apiKey: "key-1" });
});
afterEach(() => simulator.close());

type Field = readonly [field: string, what: string, value: unknown];

/** One field for each kind of rule that the document has. */
const GOOD_ENDPOINT_FIELDS: readonly Field[] = [
  ["name", "255 characters beyond the basic plane", "😀".repeat(255)],
  ["headers", "some", { "X-One": "1", "X-Two": "" }],
  ["timeout_ms", "the maximum", 30000],
];
const BAD_ENDPOINT_FIELDS: readonly Field[] = [
  ["name", "256 characters", "a".repeat(256)],
  ["name", "null", null],
  ["url", "with a space", "https://example.com/a b"],
  ["event_types", "empty", []],
  ["event_types", "an unknown type", ["alerts.muted"]],
  ["headers", "a number as value", { "X-One": 1 }],
  ["timeout_ms", "above the maximum", 30001],
  ["timeout_ms", "text", "5000"],
  ["signing_secret", "not writable", "secret"],
  ["__proto__", "unknown", "x"],
];
const GOOD_RULE_FIELDS: readonly Field[] = [
  ["threshold_value", "a whole number with a fraction of zero", 3.0],
  ["project_id", "null", null],
  ["name", "empty, for which no limit is documented", ""],
];
const BAD_RULE_FIELDS: readonly Field[] = [
  ["metric", "unknown", "turn_latency_p99"],
  ["threshold_value", "negative", -1],
  ["threshold_value", "a fraction", 1.5],
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
  const create = (body: object) => call(simulator, `create${kind}`, { body });
  let id: string;
  let updated_at: string;
  beforeEach(async () => {
    ({ id, updated_at } = (await create(base)).body);
  });

  it("has an id of 22 base62 characters, and comes after the older ones in a list", async () => {
    expect(id).toMatch(/^(whe|ar)_[0-9A-Za-z]{22}$/);
    const { id: second } = (await create(base)).body as { id: string };
    const { body } = await call(simulator, `list${kind}s`);
    expect((body as { data: object[] }).data).toMatchObject([{ id }, { id: second }]);
  });

  it("moves updated_at with an update, even one that changes nothing", async () => {
    const { body } = await call(simulator, `update${kind}`, { id, body: {} });
    expect((body as { updated_at: string }).updated_at > updated_at).toBe(true);
  });

  it.each(good)("takes %s: %s", async (...field) => {
    const shown = { [field[0]]: field[2] };
    const made = await call(simulator, `create${kind}`, { rawBody: withField(base, field) });
    expect(made).toMatchObject({ status: 201, body: shown });
    const changed = await call(simulator, `update${kind}`, { id, rawBody: onlyField(field) });
    expect(changed).toMatchObject({ status: 200, body: shown });
  });

  it.each(bad)("refuses %s: %s", async (...field) => {
    const before = await call(simulator, `get${kind}`, { id });
    const made = await call(simulator, `create${kind}`, { rawBody: withField(base, field) });
    expect(made.status).toBe(422);
    expect(JSON.stringify(made.body)).toMatch(new RegExp(`body(\\.|",")${field[0]}`));
    const changed = await call(simulator, `update${kind}`, { id, rawBody: onlyField(field) });
    expect(changed.status).toBe(422);
    expect((await call(simulator, `get${kind}`, { id })).body).toEqual(before.body);
  });

  it.each(Object.keys(base))("requires %s", async (field) => {
    const { status, body } = await create({ ...base, [field]: undefined });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toMatch(new RegExp(`${field}.*Field required`));
  });
});

it.each<CallOptions>([{}, { body: { anything: true } }, { rawBody: "{" }])(
  "a rotation takes any body: %j",
  async (options) => {
    const { id } = await simulator.createEndpoint();
    const { body } = await call(simulator, "rotateWebhookSigningSecret", { id, ...options });
    expect(body).toEqual({ signing_secret: simulator.currentSecret(id) });
  },
);

const TEXT = { "content-type": "text/plain" };

it.each<[string, number, OperationId, CallOptions]>([
  ["no key", 401, "getActiveAlerts", { apiKey: null }],
  ["an empty key", 401, "getActiveAlerts", { apiKey: "" }],
  ["an id that is a prefix", 422, "getWebhookEndpoint", { id: "whe_" }],
  ["an id with a broken escape", 422, "getWebhookEndpoint", { id: "whe_%zz" }],
  ["an id that climbs", 422, "getWebhookEndpoint", { id: "whe_..%2F.." }],
  ["a body that is not JSON", 400, "createWebhookEndpoint", { rawBody: "{" }],
  ["no body", 400, "createWebhookEndpoint", {}],
  ["JSON that is said to be text", 400, "createWebhookEndpoint", { rawBody: "{}", headers: TEXT }],
  ["a body that is a list", 422, "createWebhookEndpoint", { rawBody: "[]" }],
  ["a body that is null", 422, "createWebhookEndpoint", { rawBody: "null" }],
  ["a body over 1 MiB", 413, "createWebhookEndpoint", { body: { name: "a".repeat(1024 ** 2) } }],
  ["an unknown word in the query", 400, "listAlertRules", { query: "?state=firing" }],
  ["text for a boolean in the query", 400, "listWebhookEndpoints", { query: "?enabled=yes" }],
])("%s is answered with %i, and nothing is done", async (_, status, operation, options) => {
  expect(await call(simulator, operation, options)).toMatchObject({ status });
  expect(simulator.requests).toMatchObject([{ status, acted: false }]);
});

it("takes a charset beside the content type, and a query parameter that is not documented", async () => {
  const headers = { "content-type": "application/json; charset=utf-8" };
  const made = await call(simulator, "createWebhookEndpoint", { body: ENDPOINT, headers });
  expect(made).toMatchObject({ status: 201 });
  const { body } = await call(simulator, "listWebhookEndpoints", { query: "?page=2" });
  expect(body).toMatchObject({ data: [{}] });
});

it("an unknown path is 404 with a known key, in whatever case its header is, and 401 without", async () => {
  const get = (headers: Record<string, string>) =>
    fetch(`${simulator.url}/v1/nothing`, { headers });
  expect((await get({ "X-API-KEY": "key-1" })).status).toBe(404);
  expect((await get({})).status).toBe(401);
});
