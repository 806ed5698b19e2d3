import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
import { call, startReceiver } from "./client.js";

const API_KEY = "canary-api-key";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ apiKey: API_KEY });
});
afterEach(() => simulator.close());

/** Calls a method of the simulator as another process does. */
async function control(method: string, ...args: unknown[]) {
  const body = JSON.stringify(args);
  const answer = await fetch(`${simulator.url}/_simulator/${method}`, { method: "POST", body });
  const json = (await answer.json()) as { result?: never; message?: string };
  return { status: answer.status, ...json };
}

describe("in the process", () => {
  it("adds more endpoints than an account may have", async () => {
    for (let count = 0; count < 25; count++) await simulator.createEndpoint();
    const { body } = await call(simulator, "listWebhookEndpoints");
    const ids = (body as { data: { id: string }[] }).data.map(({ id }) => id);
    expect(new Set(ids).size).toBe(25);
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

  it("says when an endpoint is none of its own", async () => {
    expect(() => simulator.currentSecret("whe_none")).toThrow(RangeError);
    await expect(simulator.deleteEndpoint("whe_none")).rejects.toThrow(RangeError);
  });

  it("does not start with an empty API key", async () => {
    await expect(startSimulator({ apiKey: "" })).rejects.toThrow(TypeError);
  });

  it("listens on 127.0.0.1 only, on a free port", async () => {
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { port } = new URL(simulator.url);
    await expect(startSimulator({ port: Number(port) })).rejects.toThrow(/EADDRINUSE/);
    await expect(fetch(`http://127.0.0.2:${port}/v1/alerts`)).rejects.toThrow();
  });
});

describe("for another process", () => {
  it("does what the methods do, by the same arguments", async () => {
    const receiver = await startReceiver();
    await control("setReceiver", "*", receiver.url);
    const { result } = await control("createEndpoint");
    const { id, signing_secret } = result as unknown as { id: string; signing_secret: string };
    expect(await control("currentSecret", id)).toEqual({ status: 200, result: signing_secret });
    receiver.answers.push(503);
    await control("deliver", id, { type: "alerts.resolved", data: { a: 1 } });
    await control("advance", 60_000);
    expect(await control("setMetric", { metric: "call_volume", value: 1 })).toEqual({
      status: 200,
      result: [],
    });
    expect(await control("deliveries")).toMatchObject({
      result: [{ eventType: "alerts.resolved", attempts: [{ status: 503 }, { status: 200 }] }],
    });
    await receiver.close();
  });

  it("switches faults on and off, and shows the log", async () => {
    const { result: id } = await control("setFault", { kind: "status", status: 503 });
    expect(await call(simulator, "getActiveAlerts")).toMatchObject({ status: 503 });
    await control("clearFaults", id);
    expect(await call(simulator, "getActiveAlerts")).toMatchObject({ status: 200 });
    const { result } = await control("requests");
    expect(result).toMatchObject([
      { status: 503, fault: "status" },
      { status: 200, fault: null },
    ]);
    expect(JSON.stringify(result)).not.toContain(API_KEY);
  });

  it.each([
    [400, "setReceiver", "*", "https://example.com"],
    [400, "createEndpoint", { url: "http://example.com" }],
    [400, "setMetric", { metric: "latency", value: 1 }],
    [400, "advance"],
    [404, "currentSecret", "whe_none"],
    [404, "nothing"],
    [404, "close"],
  ])("answers %i to %s %j", async (status, method, ...args) => {
    expect(await control(method, ...args)).toEqual({
      status,
      message: expect.stringMatching(/./) as string,
    });
  });

  it.each(["{", "{}"])("answers 400 to %s, which is no list of arguments", async (body) => {
    const url = `${simulator.url}/_simulator/setFault`;
    expect((await fetch(url, { method: "POST", body })).status).toBe(400);
  });

  it("is in no request log and meets no fault", async () => {
    simulator.setFault({ kind: "status", status: 500 });
    expect(await control("requests")).toEqual({ status: 200, result: [] });
  });

  it.each([
    ["a name that resolves to this machine", { host: "evil.example.com" }],
    ["a page in a browser", { origin: "https://evil.example.com" }],
  ])("is closed to %s", async (_, headers) => {
    const url = `${simulator.url}/_simulator/requests`;
    const [answer] = (await once(request(url, { method: "POST", headers }).end(), "response")) as [
      IncomingMessage,
    ];
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });
});
