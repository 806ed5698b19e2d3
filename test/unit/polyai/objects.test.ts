// The contract test calls every operation with every field; this is what it cannot show.
import {
  API_KEY,
  closeAll,
  connect,
  connected,
  ENDPOINT_ID,
  failureOf,
  json,
  rotated,
  RULE_ID,
  serve,
} from "./server.js";

afterEach(closeAll);

const DATES = { created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-02T00:00:00Z" };
const ENDPOINT = {
  id: ENDPOINT_ID,
  name: "Production alerts",
  url: "https://example.com/hook",
  enabled: true,
  event_types: ["alerts.triggered"],
  timeout_ms: 5000,
  ...DATES,
};
/** With the required fields only. */
const RULE = {
  id: RULE_ID,
  name: "High turn latency (p95)",
  metric: "turn_latency_p95",
  operator: ">=",
  threshold_value: 1500,
  window_duration: "5m",
  enabled: true,
  ...DATES,
};

/** A client of an API that gives this answer to each request. */
const answered = async (body: unknown, status = 200) => {
  const { api, client } = await connected(json(status, body));
  return { ...client, api };
};

it("rotates with one POST that has no body, the key in x-api-key and the given user agent", async () => {
  const { webhookEndpoints, api } = await answered({ signing_secret: "whsec_abc" });
  await webhookEndpoints.rotateSecret(ENDPOINT_ID);
  const agent = { "user-agent": "terraform-provider-polyai/test", accept: "application/json" };
  const headers = { ...agent, "x-api-key": API_KEY, "content-length": "0" };
  expect(api.seen).toMatchObject([{ method: "POST", body: "", headers }]);
});

it("reads an endpoint without a header map if the API leaves it out, and without unknown fields", async () => {
  const { webhookEndpoints } = await answered({ ...ENDPOINT, signing_secret: "stray", later: 1 });
  const read = await webhookEndpoints.get(ENDPOINT_ID);
  expect(read).toMatchObject({ id: ENDPOINT_ID, headers: {} });
  expect(Object.keys(read)).toHaveLength(9);
});

it("reads a rule with null for what the API leaves out, and a metric that it does not know yet", async () => {
  const { alertRules } = await answered({ ...RULE, metric: "added_later" });
  const absent = { projectId: null, currentState: null, since: null, currentValue: null };
  const rule = { metric: "added_later", lastEvaluatedAt: null, ...absent };
  expect(await alertRules.get(RULE_ID)).toMatchObject(rule);
});

it("reads a measured value that is no whole number", async () => {
  const { alertRules } = await answered({ ...RULE, current_value: 10.5 });
  expect(await alertRules.get(RULE_ID)).toMatchObject({ currentValue: 10.5 });
});

it.each([
  ["threshold_value", 1.5, "threshold_value: expected a whole number"],
  ["enabled", "true", "enabled: expected true or false"],
  ["name", undefined, "name: expected a string"],
  ["id", "", "id: expected a string that is not empty"],
])("says which field of an answer is wrong: %s", async (field, value, message) => {
  const { alertRules } = await answered({ data: [RULE, { ...RULE, [field]: value }] });
  const error = await failureOf(alertRules.list());
  expect(error.kind).toBe("invalid_response");
  expect(error.message).toContain(`data.1.${message}`);
});

it("keeps the base URL's path before the API's", async () => {
  const api = await serve(rotated());
  await connect(`${api.url}/gateway/polyai/`).rotate();
  expect(api.seen[0]?.path).toMatch(/^\/gateway\/polyai\/v1\/webhook-endpoints\//);
});

it.each(["", "whe_a/../b", "ar_abc"])(
  "sends nothing for %j, which is no endpoint id",
  async (id) => {
    const { webhookEndpoints, api } = await answered({});
    const error = await failureOf(webhookEndpoints.rotateSecret(id));
    expect(error).toMatchObject({ kind: "invalid_id", ambiguous: false, attempts: 0 });
    expect(api.seen).toHaveLength(0);
  },
);

it("keeps its connection for the next call, and makes a new one to create", async () => {
  const { webhookEndpoints, api } = await answered({ ...ENDPOINT, signing_secret: "s" });
  for (let i = 0; i < 5; i++) await webhookEndpoints.rotateSecret(ENDPOINT_ID);
  expect(api.connections()).toBe(1);
  await webhookEndpoints.create({ name: "n", url: "https://e.com", eventTypes: [] });
  expect(api.connections()).toBe(2);
});
