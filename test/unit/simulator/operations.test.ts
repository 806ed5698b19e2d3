import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
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

const created = async (operation: "createWebhookEndpoint" | "createAlertRule", extra = {}) => {
  const body = { ...(operation === "createAlertRule" ? RULE : ENDPOINT), ...extra };
  const answer = await call(simulator, operation, { body });
  expect(answer.status).toBe(201);
  return answer.body as Record<string, string> & { id: string };
};

describe("an API key", () => {
  it.each([
    ["missing", null],
    ["unknown", "key-3"],
    ["empty", ""],
  ])("that is %s is refused, and nothing is done", async (_, apiKey) => {
    const { id } = await created("createWebhookEndpoint");
    const answer = await call(simulator, "rotateWebhookSigningSecret", { id, apiKey });
    expect(answer).toMatchObject({ status: 401, body: { error_code: "UNAUTHORIZED" } });
    expect(simulator.requests.at(-1)).toMatchObject({ acted: false });
    expect(simulator.rotations(id)).toBe(0);
  });
});

describe("a malformed id", () => {
  it.each(["whe_", "whe-abc", "whe_%zz", "whe_a%0A", "whe_..%2F..", `whe_${"a".repeat(4000)}-`])(
    "is answered with 422: %.40s",
    async (id) => {
      expect(await call(simulator, "getWebhookEndpoint", { id })).toMatchObject({ status: 422 });
    },
  );
});

describe("webhook endpoints", () => {
  it("are created with the documented defaults and an id of 22 base62 characters", async () => {
    const endpoint = await created("createWebhookEndpoint");
    expect(endpoint).toMatchObject({ ...ENDPOINT, timeout_ms: 5000, enabled: true, headers: {} });
    expect(endpoint.id).toMatch(/^whe_[0-9A-Za-z]{22}$/);
    expect(endpoint["created_at"]).toBe(endpoint["updated_at"]);
  });

  it("show their secret at creation and rotation, and nowhere else", async () => {
    const endpoint = await created("createWebhookEndpoint");
    const { id } = endpoint;
    const { body: rotated } = await call(simulator, "rotateWebhookSigningSecret", { id });
    const others = [
      await call(simulator, "getWebhookEndpoint", { id }),
      await call(simulator, "listWebhookEndpoints"),
      await call(simulator, "updateWebhookEndpoint", { id, body: { name: "x" } }),
    ].map(({ body }) => JSON.stringify(body));
    // PolyAI does not say that a rotation moves it.
    expect(others[0]).toContain(endpoint["updated_at"]);
    const secrets = [
      endpoint["signing_secret"],
      (rotated as Record<string, string>)["signing_secret"],
    ];
    expect(new Set(secrets).size).toBe(2);
    for (const secret of secrets) {
      expect(secret).toMatch(/.{20}/);
      expect(others.join()).not.toContain(secret);
      expect(JSON.stringify(simulator.requests)).not.toContain(secret);
    }
    expect(simulator.currentSecret(id)).toBe(secrets[1]);
    expect(simulator.rotations(id)).toBe(1);
  });

  it("keep what PATCH does not name and move updated_at", async () => {
    const before = await created("createWebhookEndpoint", { headers: { "X-Team": "one" } });
    const { signing_secret: _, ...shown } = before;
    const { body } = await call(simulator, "updateWebhookEndpoint", {
      id: before.id,
      body: { url: "https://example.com/v2", enabled: false },
    });
    const { updated_at, ...after } = body as Record<string, unknown>;
    const { updated_at: earlier, ...expected } = shown;
    expect(after).toEqual({ ...expected, url: "https://example.com/v2", enabled: false });
    expect(Date.parse(String(updated_at))).toBeGreaterThan(Date.parse(String(earlier)));
  });

  it("are listed by enabled and event type, oldest first", async () => {
    const on = await created("createWebhookEndpoint", { name: "on" });
    const off = await created("createWebhookEndpoint", { name: "off", enabled: false });
    const both = await created("createWebhookEndpoint", {
      event_types: ["alerts.resolved", "alerts.triggered"],
    });
    const ids = async (query: string) => {
      const { body } = await call(simulator, "listWebhookEndpoints", { query });
      return (body as { data: { id: string }[] }).data.map(({ id }) => id);
    };
    expect(await ids("")).toEqual([on.id, off.id, both.id]);
    expect(await ids("?enabled=true")).toEqual([on.id, both.id]);
    expect(await ids("?enabled=false")).toEqual([off.id]);
    expect(await ids("?event_type=alerts.resolved")).toEqual([both.id]);
    expect(await ids("?event_type=alerts.triggered&enabled=false")).toEqual([off.id]);
  });

  it.each([{}, { body: { anything: true } }, { rawBody: "{" }] as CallOptions[])(
    "rotate whatever the body: %j",
    async (options) => {
      const { id } = await created("createWebhookEndpoint");
      const answer = await call(simulator, "rotateWebhookSigningSecret", { id, ...options });
      const signing_secret = simulator.currentSecret(id);
      expect(answer).toMatchObject({ status: 200, body: { signing_secret } });
    },
  );
});

describe("alert rules", () => {
  it("are created enabled, without a project, never evaluated", async () => {
    const rule = await created("createAlertRule");
    expect(rule).toMatchObject({
      ...RULE,
      enabled: true,
      project_id: null,
      current_state: "unknown",
      current_value: null,
      since: null,
      last_evaluated_at: null,
    });
    expect(rule.id).toMatch(/^ar_[0-9A-Za-z]{22}$/);
  });

  it("keep what PATCH does not name, and let project_id be cleared", async () => {
    const before = await created("createAlertRule", { project_id: "proj_1" });
    const body = { project_id: null, threshold_value: 0 };
    const { body: after } = await call(simulator, "updateAlertRule", { id: before.id, body });
    const { updated_at, ...expected } = before;
    expect(after).toMatchObject({ ...expected, ...body });
    expect((after as { updated_at: string }).updated_at > String(updated_at)).toBe(true);
  });

  it("are listed by enabled, metric, project and state", async () => {
    const one = await created("createAlertRule", { project_id: "proj_1" });
    const two = await created("createAlertRule", { metric: "call_volume", enabled: false });
    await simulator.setMetric({ metric: "turn_latency_p95", projectId: "proj_1", value: 2000 });
    const ids = async (query: string) => {
      const { body } = await call(simulator, "listAlertRules", { query });
      return (body as { data: { id: string }[] }).data.map(({ id }) => id);
    };
    expect(await ids("")).toEqual([one.id, two.id]);
    expect(await ids("?enabled=false")).toEqual([two.id]);
    expect(await ids("?metric=call_volume")).toEqual([two.id]);
    expect(await ids("?project_id=proj_1")).toEqual([one.id]);
    expect(await ids("?project_id=proj_2")).toEqual([]);
    expect(await ids("?state=alert")).toEqual([one.id]);
    expect(await ids("?state=unknown")).toEqual([two.id]);
  });
});

describe("an unknown path", () => {
  it("is 404 with a known key and 401 without", async () => {
    const get = (headers: Record<string, string>) =>
      fetch(`${simulator.url}/v1/nothing`, { headers });
    expect((await get({ "X-API-KEY": "key-1" })).status).toBe(404);
    expect((await get({})).status).toBe(401);
  });
});
