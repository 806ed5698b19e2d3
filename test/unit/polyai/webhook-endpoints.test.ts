import {
  API_KEY,
  closeAll,
  connect,
  ENDPOINT_ID,
  failureOf,
  inTurn,
  json,
  rotated,
  serve,
} from "./server.js";

afterEach(closeAll);

const WIRE = {
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

const ENDPOINT = {
  id: ENDPOINT_ID,
  name: "Production alerts",
  url: "https://example.com/hook",
  enabled: true,
  eventTypes: ["alerts.triggered"],
  headers: { "X-Custom-Header": "my_value" },
  timeoutMs: 5000,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-02T00:00:00Z",
};

it("rotates with one POST that has no body, the key in x-api-key and the given user agent", async () => {
  const api = await serve(rotated("whsec_abc"));
  const { client } = connect(api.url);

  await expect(client.webhookEndpoints.rotateSecret(ENDPOINT_ID)).resolves.toEqual({
    signingSecret: "whsec_abc",
  });

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

it("creates with the wire's names and gives the signing secret", async () => {
  const api = await serve(json(201, { ...WIRE, signing_secret: "whsec_first" }));
  const { client } = connect(api.url);

  const created = await client.webhookEndpoints.create({
    name: "Production alerts",
    url: "https://example.com/hook",
    eventTypes: ["alerts.triggered"],
    headers: { "X-Custom-Header": "my_value" },
    timeoutMs: 5000,
  });

  expect(created).toEqual({ ...ENDPOINT, signingSecret: "whsec_first" });
  expect(api.seen[0]).toMatchObject({
    method: "POST",
    path: "/v1/webhook-endpoints",
    headers: { "content-type": "application/json" },
  });
  expect(JSON.parse(api.seen[0]?.body ?? "")).toEqual({
    name: "Production alerts",
    url: "https://example.com/hook",
    event_types: ["alerts.triggered"],
    headers: { "X-Custom-Header": "my_value" },
    timeout_ms: 5000,
  });
});

it("gets an endpoint, without a header map where the API leaves it out and without unknown fields", async () => {
  const { headers: _, ...rest } = WIRE;
  const api = await serve(json(200, { ...rest, signing_secret: "stray", added_later: 1 }));
  const { client } = connect(api.url);
  await expect(client.webhookEndpoints.get(ENDPOINT_ID)).resolves.toEqual({
    ...ENDPOINT,
    headers: {},
  });
  expect(api.seen[0]).toMatchObject({
    method: "GET",
    path: `/v1/webhook-endpoints/${ENDPOINT_ID}`,
  });
});

it("lists with the filters that are given", async () => {
  const api = await serve(json(200, { data: [WIRE, WIRE] }));
  const { client } = connect(api.url);
  await expect(client.webhookEndpoints.list()).resolves.toEqual([ENDPOINT, ENDPOINT]);
  await client.webhookEndpoints.list({ enabled: false, eventType: "alerts.resolved" });
  expect(api.seen.map(({ path }) => path)).toEqual([
    "/v1/webhook-endpoints",
    "/v1/webhook-endpoints?enabled=false&event_type=alerts.resolved",
  ]);
});

it("updates only what is named", async () => {
  const api = await serve(json(200, WIRE));
  const { client } = connect(api.url);
  await client.webhookEndpoints.update(ENDPOINT_ID, { enabled: false, headers: {} });
  expect(api.seen[0]).toMatchObject({
    method: "PATCH",
    path: `/v1/webhook-endpoints/${ENDPOINT_ID}`,
    body: '{"enabled":false,"headers":{}}',
  });
});

it("deletes", async () => {
  const api = await serve((response) => response.writeHead(204).end());
  const { client } = connect(api.url);
  await client.webhookEndpoints.delete(ENDPOINT_ID);
  expect(api.seen[0]).toMatchObject({
    method: "DELETE",
    path: `/v1/webhook-endpoints/${ENDPOINT_ID}`,
  });
});

it("takes 404 to a retried delete for done, and 404 to the first request for an error", async () => {
  const retried = await serve(inTurn(json(502, ""), json(404, { message: "gone" })));
  await connect(retried.url).client.webhookEndpoints.delete(ENDPOINT_ID);
  expect(retried.seen).toHaveLength(2);

  const first = await serve(json(404, { message: "Resource not found." }));
  const error = await failureOf(connect(first.url).client.webhookEndpoints.delete(ENDPOINT_ID));
  expect(error).toMatchObject({ kind: "not_found", serverMessage: "Resource not found." });
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

it.each(["", "..", "whe_", "whe_a/../b", "whe_%2e%2e", "whe_a b", "whe_é", "ar_abc", "whe_a\n"])(
  "sends nothing for %j, which is no endpoint id",
  async (id) => {
    const api = await serve(rotated());
    const error = await failureOf(connect(api.url).client.webhookEndpoints.rotateSecret(id));
    expect(error).toMatchObject({ kind: "invalid_id", ambiguous: false, attempts: 0 });
    expect(api.seen).toHaveLength(0);
  },
);

it("refuses an id of a megabyte at once and quotes little of it", async () => {
  const { client } = connect("http://127.0.0.1:9");
  const error = await failureOf(client.webhookEndpoints.get(`whe_${"a".repeat(1_000_000)}`));
  expect(error.kind).toBe("invalid_id");
  expect(error.message.length).toBeLessThan(300);
});

it("keeps its connection for the next call, and makes a new one to create", async () => {
  const api = await serve((response, index, seen) =>
    seen.path.endsWith("rotate-secret")
      ? rotated()(response, index, seen)
      : json(201, { ...WIRE, signing_secret: "s" })(response, index, seen),
  );
  const { client } = connect(api.url);
  for (let i = 0; i < 5; i++) await client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
  expect(api.connections()).toBe(1);
  await client.webhookEndpoints.create({ name: "n", url: "https://e.com", eventTypes: [] });
  expect(api.connections()).toBe(2);
});
