import { request } from "node:http";
import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
import { verifyWebhook } from "../../../src/webhooks/index.js";
import { call, startReceiver, type Receiver } from "./client.js";

const API_KEY = "canary-api-key";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ apiKey: API_KEY });
});
afterEach(() => simulator.close());

/** A control call over HTTP, as another process makes it. */
async function control(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${simulator.url}/_simulator${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : (JSON.parse(text) as object) };
}

describe("in the process", () => {
  it("adds more endpoints than an account may have", async () => {
    const endpoints = await simulator.seedEndpoints(25);
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(25);
    const { body } = await call(simulator, "listWebhookEndpoints");
    expect((body as { data: object[] }).data).toHaveLength(25);
    expect(await simulator.createEndpoint()).toMatchObject({ enabled: true });
  });

  it("shows no API key or secret in the request log", async () => {
    const { id } = await simulator.createEndpoint();
    await call(simulator, "rotateWebhookSigningSecret", { id, query: "?api_key=canary-query" });
    await call(simulator, "rotateWebhookSigningSecret", { id, apiKey: "canary-wrong" });
    const log = JSON.stringify(simulator.requests);
    expect(log).not.toContain("canary");
    expect(log).not.toContain(simulator.currentSecret(id));
    expect(simulator.requests).toMatchObject([
      {
        method: "POST",
        path: `/v1/webhook-endpoints/${id}/rotate-secret`,
        status: 200,
        acted: true,
      },
      { status: 401, acted: false },
    ]);
  });

  it("gives a copy of the request log, which can be cleared", async () => {
    await call(simulator, "getActiveAlerts");
    const before = simulator.requests;
    simulator.clearRequests();
    expect(before).toHaveLength(1);
    expect(simulator.requests).toEqual([]);
  });

  it("says when an endpoint is none of its own", async () => {
    expect(() => simulator.currentSecret("whe_none")).toThrow(RangeError);
    await expect(simulator.deleteEndpoint("whe_none")).rejects.toThrow(RangeError);
  });

  it("does not start with an empty API key", async () => {
    await expect(startSimulator({ apiKey: "" })).rejects.toThrow(TypeError);
  });

  it("uses the clock that is given", async () => {
    const dated = await startSimulator({ now: () => new Date("2030-01-01T00:00:00Z") });
    try {
      expect(await dated.createEndpoint()).toMatchObject({
        created_at: "2030-01-01T00:00:00.000Z",
      });
    } finally {
      await dated.close();
    }
  });

  it("listens on 127.0.0.1 only, on a free port", async () => {
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { port } = new URL(simulator.url);
    await expect(startSimulator({ port: Number(port) })).rejects.toThrow(/EADDRINUSE/);
    await expect(fetch(`http://127.0.0.2:${port}/_simulator/`)).rejects.toThrow();
  });
});

describe("over HTTP", () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  it("says what it is", async () => {
    expect(await control("GET", "/")).toEqual({
      status: 200,
      body: { name: "PolyAI API simulator" },
    });
  });

  it("seeds endpoints and shows their current secret", async () => {
    const seeded = await control("POST", "/endpoints", { count: 12, enabled: false });
    expect(seeded.status).toBe(200);
    const { data } = seeded.body as { data: { id: string; enabled: boolean }[] };
    expect(data).toHaveLength(12);
    const [{ id } = { id: "" }] = data;
    await call(simulator, "rotateWebhookSigningSecret", { id });
    expect(await control("GET", `/endpoints/${id}/secret`)).toEqual({
      status: 200,
      body: { signing_secret: simulator.currentSecret(id), rotations: 1 },
    });
    const rotated = await control("POST", `/endpoints/${id}/rotate`);
    expect(rotated.body).toEqual({ signing_secret: simulator.currentSecret(id) });
    expect(await control("DELETE", `/endpoints/${id}`)).toMatchObject({ status: 204 });
    expect(await control("GET", `/endpoints/${id}/secret`)).toMatchObject({ status: 404 });
  });

  it("switches faults on and off", async () => {
    const { body } = await control("POST", "/faults", { kind: "status", status: 503 });
    const { id } = body as { id: string };
    expect(await call(simulator, "getActiveAlerts")).toMatchObject({ status: 503 });
    expect(await control("GET", "/faults")).toMatchObject({
      body: { data: [{ id, fault: { kind: "status", status: 503 } }] },
    });
    await control("DELETE", `/faults/${id}`);
    expect(await call(simulator, "getActiveAlerts")).toMatchObject({ status: 200 });
    await control("POST", "/faults", { kind: "cut" });
    await control("DELETE", "/faults");
    expect(await call(simulator, "getActiveAlerts")).toMatchObject({ status: 200 });
  });

  it.each([
    { kind: "status", status: 429, retryAfter: 1, retryAfterAs: "date", message: "later" },
    { kind: "slow", delayMs: 1 },
    { kind: "cut", afterActing: true },
    { kind: "reset" },
    { kind: "hang" },
    { kind: "html", status: 502 },
    { kind: "empty" },
    { kind: "truncated" },
    { kind: "cutBody" },
    { kind: "noSecret" },
    { kind: "secret", value: 42 },
    { kind: "huge", bytes: 10 },
    { kind: "endless" },
    { kind: "drip", delayMs: 1 },
    { kind: "redirect", location: "https://example.com" },
    { kind: "cut", operation: "getAlertRule", times: 1, skip: 1, probability: 0.5, seed: 3 },
    { kind: "cut", operation: ["getAlertRule", "getActiveAlerts"], resourceId: "ar_1" },
  ])("takes the fault %j", async (fault) => {
    expect(await control("POST", "/faults", fault)).toMatchObject({ status: 200 });
  });

  it.each([
    {},
    { kind: "nonsense" },
    { kind: "status" },
    { kind: "status", status: 99 },
    { kind: "slow" },
    { kind: "secret" },
    { kind: "redirect" },
    { kind: "cut", delayMs: 1 },
    { kind: "cut", operation: "rotate" },
    { kind: "cut", times: 0 },
    { kind: "cut", probability: 2 },
  ])("refuses the fault %j", async (fault) => {
    expect(await control("POST", "/faults", fault)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/./) as string },
    });
    expect(await control("GET", "/faults")).toMatchObject({ body: { data: [] } });
  });

  it("shows and clears the request log", async () => {
    await call(simulator, "getActiveAlerts");
    const { body } = await control("GET", "/requests");
    expect(body).toMatchObject({ data: [{ operation: "getActiveAlerts" }] });
    expect(JSON.stringify(body)).not.toContain(API_KEY);
    await control("DELETE", "/requests");
    expect(await control("GET", "/requests")).toMatchObject({ body: { data: [] } });
  });

  it("tells a whole story: receiver, endpoint, rule, metric, signed delivery", async () => {
    await control("POST", "/receivers", { from: "*", to: receiver.url });
    const seeded = await control("POST", "/endpoints", {});
    const [endpoint] = (seeded.body as { data: { id: string; signing_secret: string }[] }).data;
    const { id = "", signing_secret = "" } = endpoint ?? {};
    await control("POST", `/endpoints/${id}/deliver`, { type: "alerts.resolved", data: { a: 1 } });
    const body = {
      name: "Calls",
      metric: "call_volume",
      operator: "<",
      threshold_value: 5,
      window_duration: "5m",
    };
    await call(simulator, "createAlertRule", { body });
    const { body: fired } = await control("PUT", "/metrics", { metric: "call_volume", value: 1 });
    expect(fired).toMatchObject({ data: [{ eventType: "alerts.triggered", status: "delivered" }] });
    expect(await control("POST", "/evaluate")).toMatchObject({ body: { data: [] } });
    expect(await control("GET", "/deliveries")).toMatchObject({
      body: { data: [{ eventType: "alerts.resolved" }, { eventType: "alerts.triggered" }] },
    });
    for (const { body: payload, headers } of receiver.received) {
      expect(verifyWebhook({ payload, headers, secrets: signing_secret }).valid).toBe(true);
    }
    expect(receiver.received).toHaveLength(2);
  });

  it("sets the latency", async () => {
    await control("PUT", "/latency", { milliseconds: 80 });
    const started = Date.now();
    await call(simulator, "getActiveAlerts");
    expect(Date.now() - started).toBeGreaterThanOrEqual(75);
  });

  it.each([
    ["POST", "/receivers", { from: "*", to: "https://example.com" }],
    ["POST", "/endpoints", { count: 0 }],
    ["POST", "/endpoints", { url: "http://example.com" }],
    ["PUT", "/metrics", { metric: "latency", value: 1 }],
    ["PUT", "/metrics", { metric: "call_volume", value: 1.5 }],
    ["PUT", "/latency", {}],
  ])("answers 400 to %s %s %j", async (method, path, body) => {
    expect(await control(method, path, body)).toMatchObject({ status: 400 });
  });

  it("answers 400 to what is no JSON and 404 to what is not there", async () => {
    const answer = await fetch(`${simulator.url}/_simulator/faults`, { method: "POST", body: "{" });
    expect(answer.status).toBe(400);
    expect(await control("GET", "/nothing")).toMatchObject({ status: 404 });
  });

  it("is in no request log and meets no fault", async () => {
    simulator.setFault({ kind: "status", status: 500 });
    expect(await control("GET", "/")).toMatchObject({ status: 200 });
    expect(simulator.requests).toEqual([]);
  });

  it.each([
    ["a name that resolves to this machine", { host: "evil.example.com" }],
    ["a page in a browser", { origin: "https://evil.example.com" }],
  ])("is closed to %s", async (_, headers) => {
    const status = await new Promise((resolve, reject) => {
      request(`${simulator.url}/_simulator/requests`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });
});
