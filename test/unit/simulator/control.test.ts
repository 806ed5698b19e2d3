import { once } from "node:events";
import { request } from "node:http";
import { startSimulator } from "../../../src/simulator/index.js";
import { call, withReceiver } from "./client.js";

const API_KEY = "canary-api-key";
const here = withReceiver({ apiKey: API_KEY });
let { simulator } = here;
beforeEach(() => ({ simulator } = here));

/** Calls a method of the simulator as another process does. */
async function control(method: string, body: string) {
  const answer = await fetch(`${simulator.url}/_simulator/${method}`, { method: "POST", body });
  const json = (await answer.json()) as { result?: never; message?: string };
  return { status: answer.status, ...json };
}
const resultOf = async (method: string, ...args: unknown[]): Promise<never> => {
  const { status, result } = await control(method, JSON.stringify(args));
  expect(status).toBe(200);
  return result as never;
};

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
    const path = `/v1/webhook-endpoints/${id}/rotate-secret`;
    expect(simulator.requests).toMatchObject([{ method: "POST", path }, { status: 401 }]);
  });

  it("refuses an empty API key, and an endpoint that is none of its own", async () => {
    await expect(startSimulator({ apiKey: "" })).rejects.toThrow(TypeError);
    await expect(simulator.deleteEndpoint("whe_none")).rejects.toThrow(RangeError);
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
    await resultOf("setReceiver", "*", here.receiver.url);
    const { id, signing_secret } = await resultOf("createEndpoint");
    expect(await resultOf("currentSecret", id)).toBe(signing_secret);
    here.receiver.answers.push(503);
    await resultOf("deliver", id, { type: "alerts.resolved", data: { a: 1 } });
    await resultOf("advance", 60_000);
    expect(await resultOf("setMetric", { metric: "call_volume", value: 1 })).toEqual([]);
    expect(await resultOf("deliveries")).toMatchObject([
      { eventType: "alerts.resolved", attempts: [{ status: 503 }, { status: 200 }] },
    ]);
  });

  it("switches faults on and off, and shows the log, in which it is not itself", async () => {
    const id = await resultOf("setFault", { kind: "status", status: 503 });
    expect(await call(simulator, "getActiveAlerts")).toMatchObject({ status: 503 });
    await resultOf("clearFaults", id);
    expect(await call(simulator, "getActiveAlerts")).toMatchObject({ status: 200 });
    expect(await resultOf("requests")).toMatchObject([{ fault: "status" }, { fault: null }]);
  });

  it.each([
    [400, "createEndpoint", '[{ "url": "http://example.com" }]'],
    [400, "advance", "[]"],
    [400, "setFault", "{"],
    [400, "setFault", "{}"],
    [404, "currentSecret", '["whe_none"]'],
    [404, "nothing", "[]"],
    [404, "close", "[]"],
  ])("answers %i to %s %s", async (status, method, body) => {
    const message: unknown = expect.stringMatching(/./);
    expect(await control(method, body)).toEqual({ status, message });
  });

  it.each([
    ["a name that resolves to this machine", { host: "evil.example.com" }],
    ["a page in a browser", { origin: "https://evil.example.com" }],
  ])("is closed to %s", async (_, headers) => {
    const url = `${simulator.url}/_simulator/requests`;
    const asked = request(url, { method: "POST", headers }).end();
    expect(await once(asked, "response")).toMatchObject([{ statusCode: 403 }]);
    asked.destroy();
  });
});
