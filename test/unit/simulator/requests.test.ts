// The contract test calls every operation, and provokes each error; the provider's tests filter lists and change objects.
import { startSimulator, type OperationId, type Simulator } from "../../../src/simulator/index.js";
import { ENDPOINT, RULE } from "../../support/provider.js";
import { call, type CallOptions } from "./client.js";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ apiKey: "key-1" });
});
afterEach(() => simulator.close());

const BASES = { WebhookEndpoint: ENDPOINT, AlertRule: RULE };
type Kind = keyof typeof BASES;
const KINDS = Object.keys(BASES) as Kind[];

const create = async (kind: Kind, changes: object = {}) => {
  const body = { ...BASES[kind], ...changes };
  const made = await call(simulator, `create${kind}`, { body });
  return { ...made, body: made.body as { id: string; updated_at: string } };
};

it.each(KINDS)("an id of %s has 22 base62 characters, and lists go by age", async (kind) => {
  const ids = [(await create(kind)).body.id, (await create(kind)).body.id];
  expect(ids[0]).toMatch(/^(whe|ar)_[0-9A-Za-z]{22}$/);
  const { body } = await call(simulator, `list${kind}s`);
  expect((body as { data: object[] }).data).toMatchObject(ids.map((id) => ({ id })));
});

it.each(KINDS)("an update of %s moves updated_at, even if it changes nothing", async (kind) => {
  const { id, updated_at } = (await create(kind)).body;
  const { body } = await call(simulator, `update${kind}`, { id, body: {} });
  expect((body as { updated_at: string }).updated_at > updated_at).toBe(true);
});

// One field for each kind of rule that the document has.
it.each<[Kind, string, string, unknown]>([
  ["WebhookEndpoint", "name", "255 characters beyond the basic plane", "😀".repeat(255)],
  ["AlertRule", "project_id", "null", null],
  ["AlertRule", "name", "empty, for which no limit is documented", ""],
])("%s takes %s: %s", async (kind, field, _, value) => {
  const body = { [field]: value };
  expect(await create(kind, body)).toMatchObject({ status: 201, body });
  const { id } = (await create(kind)).body;
  const changed = await call(simulator, `update${kind}`, { id, body });
  expect(changed).toMatchObject({ status: 200, body });
});

it.each<[Kind, string, string, unknown]>([
  ["WebhookEndpoint", "name", "256 characters", "a".repeat(256)],
  ["WebhookEndpoint", "event_types", "an unknown type", ["alerts.muted"]],
  ["WebhookEndpoint", "headers", "a number as value", { "X-One": 1 }],
  ["WebhookEndpoint", "timeout_ms", "above the maximum", 30001],
  ["WebhookEndpoint", "signing_secret", "not writable", "secret"],
  ["WebhookEndpoint", "__proto__", "unknown", "x"],
  ["AlertRule", "threshold_value", "a fraction", 1.5],
])("%s refuses %s: %s", async (kind, field, _, value) => {
  // A computed name is a field of its own, also if it is __proto__.
  const body = { [field]: value };
  const made = await create(kind, body);
  expect(made.status).toBe(422);
  expect(JSON.stringify(made.body)).toMatch(new RegExp(`body(\\.|",")${field}`));
  const { id } = (await create(kind)).body;
  const { body: before } = await call(simulator, `get${kind}`, { id });
  expect((await call(simulator, `update${kind}`, { id, body })).status).toBe(422);
  expect((await call(simulator, `get${kind}`, { id })).body).toEqual(before);
});

it.each(KINDS)("%s requires a name, and says so", async (kind) => {
  const { status, body } = await create(kind, { name: undefined });
  expect([status, JSON.stringify(body)]).toEqual([
    422,
    expect.stringMatching(/name.*Field required/),
  ]);
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
  ["an id that is a prefix", 422, "getWebhookEndpoint", { id: "whe_" }],
  ["an id with a broken escape", 422, "getWebhookEndpoint", { id: "whe_%zz" }],
  ["an id that climbs", 422, "getWebhookEndpoint", { id: "whe_..%2F.." }],
  ["no body", 400, "createWebhookEndpoint", {}],
  ["JSON that is said to be text", 400, "createWebhookEndpoint", { rawBody: "{}", headers: TEXT }],
  ["a body that is a list", 422, "createWebhookEndpoint", { rawBody: "[]" }],
  ["a body over 1 MiB", 413, "createWebhookEndpoint", { body: { name: "a".repeat(1024 ** 2) } }],
  ["an unknown word in the query", 400, "listAlertRules", { query: "?state=firing" }],
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
