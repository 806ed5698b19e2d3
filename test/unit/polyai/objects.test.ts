// The contract test calls every operation with every field; this is what it cannot show.
import {
  API_KEY,
  closeAll,
  connect,
  ENDPOINT_ID,
  failureOf,
  json,
  rotated,
  RULE_ID,
  serve,
} from "./server.js";

afterEach(closeAll);

const ENDPOINT = {
  id: ENDPOINT_ID,
  name: "Production alerts",
  url: "https://example.com/hook",
  enabled: true,
  event_types: ["alerts.triggered"],
  headers: { "X-Custom-Header": "my_value" },
  timeout_ms: 5000,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-02T00:00:00Z",
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
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-02T00:00:00Z",
};

it("rotates with one POST that has no body, the key in x-api-key and the given user agent", async () => {
  const api = await serve(rotated("whsec_abc"));
  await expect(connect(api.url).client.webhookEndpoints.rotateSecret(ENDPOINT_ID)).resolves.toEqual(
    { signingSecret: "whsec_abc" },
  );
  expect(api.seen).toHaveLength(1);
  expect(api.seen[0]).toMatchObject({
    method: "POST",
    path: `/v1/webhook-endpoints/${ENDPOINT_ID}/rotate-secret`,
    body: "",
    headers: {
      "x-api-key": API_KEY,
      "user-agent": "terraform-provider-polyai/test",
      accept: "application/json",
      "content-length": "0",
    },
  });
});

it("creates with a JSON body that leaves out what is not given", async () => {
  const api = await serve(json(201, { ...ENDPOINT, signing_secret: "whsec_first" }));
  const { name, url } = ENDPOINT;
  const created = await connect(api.url).client.webhookEndpoints.create({
    name,
    url,
    eventTypes: ["alerts.triggered"],
  });
  expect(created.signingSecret).toBe("whsec_first");
  expect(api.seen[0]?.headers).toMatchObject({ "content-type": "application/json" });
  expect(JSON.parse(api.seen[0]?.body ?? "")).toEqual({
    name,
    url,
    event_types: ["alerts.triggered"],
  });
});

it("reads an endpoint without a header map if the API leaves it out, and without unknown fields", async () => {
  const { headers: _, ...rest } = ENDPOINT;
  const api = await serve(json(200, { ...rest, signing_secret: "stray", added_later: 1 }));
  await expect(connect(api.url).client.webhookEndpoints.get(ENDPOINT_ID)).resolves.toEqual({
    id: ENDPOINT_ID,
    name: "Production alerts",
    url: "https://example.com/hook",
    enabled: true,
    eventTypes: ["alerts.triggered"],
    headers: {},
    timeoutMs: 5000,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-02T00:00:00Z",
  });
});

it("reads a rule with null for what the API leaves out, and a metric that it does not know yet", async () => {
  const api = await serve(json(200, { ...RULE, metric: "added_later" }));
  await expect(connect(api.url).client.alertRules.get(RULE_ID)).resolves.toEqual({
    id: RULE_ID,
    name: "High turn latency (p95)",
    projectId: null,
    metric: "added_later",
    operator: ">=",
    thresholdValue: 1500,
    windowDuration: "5m",
    enabled: true,
    currentState: null,
    since: null,
    lastEvaluatedAt: null,
    currentValue: null,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-02T00:00:00Z",
  });
});

it("lists by the filters that are given, encoded for a URL", async () => {
  const api = await serve(json(200, { data: [] }));
  await connect(api.url).client.alertRules.list({ enabled: false, projectId: "a b&c" });
  expect(api.seen[0]?.path).toBe("/v1/alert-rules?enabled=false&project_id=a+b%26c");
});

it.each([
  ["threshold_value", 1.5, "threshold_value: expected a whole number"],
  ["enabled", "true", "enabled: expected true or false"],
  ["name", undefined, "name: expected a string"],
  ["id", "", "id: expected a string that is not empty"],
])("says which field of an answer is wrong: %s", async (field, value, message) => {
  const api = await serve(json(200, { data: [RULE, { ...RULE, [field]: value }] }));
  const error = await failureOf(connect(api.url).client.alertRules.list());
  expect(error.kind).toBe("invalid_response");
  expect(error.message).toContain(`data.1.${message}`);
});

it("does not take a web page for a delete's success", async () => {
  const api = await serve(json(200, "<html>Please log in</html>"));
  const error = await failureOf(connect(api.url).client.webhookEndpoints.delete(ENDPOINT_ID));
  expect(error).toMatchObject({ kind: "invalid_response", ambiguous: true });
});

it("keeps the base URL's path before the API's", async () => {
  const api = await serve(rotated());
  await connect(`${api.url}/gateway/polyai/`).client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
  expect(api.seen[0]?.path).toBe(
    `/gateway/polyai/v1/webhook-endpoints/${ENDPOINT_ID}/rotate-secret`,
  );
});

it.each(["", "whe_a/../b", "whe_%2e%2e", "ar_abc"])(
  "sends nothing for %j, which is no endpoint id",
  async (id) => {
    const api = await serve(rotated());
    const error = await failureOf(connect(api.url).client.webhookEndpoints.rotateSecret(id));
    expect(error).toMatchObject({ kind: "invalid_id", ambiguous: false, attempts: 0 });
    expect(api.seen).toHaveLength(0);
  },
);

it("keeps its connection for the next call, and makes a new one to create", async () => {
  const api = await serve((response, index, seen) =>
    seen.path.endsWith("rotate-secret")
      ? rotated()(response, index, seen)
      : json(201, { ...ENDPOINT, signing_secret: "s" })(response, index, seen),
  );
  const { client } = connect(api.url);
  for (let i = 0; i < 5; i++) await client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
  expect(api.connections()).toBe(1);
  await client.webhookEndpoints.create({ name: "n", url: "https://e.com", eventTypes: [] });
  expect(api.connections()).toBe(2);
});
