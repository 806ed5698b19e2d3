// The provider's tests show that each fault reaches a caller over HTTP, and is one to it.
import { startSimulator, type Fault, type Simulator } from "../../../src/simulator/index.js";
import { until } from "../../support/processes.js";
import { ENDPOINT } from "../../support/provider.js";
import { call, fetchOperation } from "./client.js";

const ROTATE = "rotateWebhookSigningSecret";
const HOUR = 3_600_000;

let simulator: Simulator;
let id: string;
beforeEach(async () => {
  simulator = await startSimulator();
  ({ id } = await simulator.createEndpoint());
});
afterEach(() => simulator.close());

const request = (endpoint: string) => ({
  method: "POST",
  target: `/v1/webhook-endpoints/${endpoint}/rotate-secret`,
  apiKey: simulator.apiKey,
});
const lastCall = () => simulator.requests.at(-1);
const secretJson = () => JSON.stringify({ signing_secret: simulator.currentSecret(id) });

/** A rotation's outcome as its caller sees it, less the correlation id, which each answer has. */
function rotate(endpoint = id) {
  const exchange = simulator.begin(request(endpoint));
  const { answer, ...outcome } = exchange.act();
  exchange.end();
  if (answer === null) return outcome;
  const { "x-polyai-correlation-id": correlationId, ...headers } = answer.headers;
  expect(correlationId).toBe(lastCall()?.correlationId);
  return { ...outcome, ...answer, headers };
}

const JSON_TYPE = { "content-type": "application/json" };
const PAGE = {
  text: expect.stringContaining("<html>") as string,
  headers: { "content-type": "text/html; charset=utf-8" },
};
const TOO_MANY = {
  text: expect.stringMatching(/"error_code":"RATE_LIMITED","error_message":"Slow"/) as string,
  headers: { ...JSON_TYPE, "retry-after": "6" },
};
const text = (value: object) => ({ status: 200, text: JSON.stringify(value), headers: JSON_TYPE });

describe("a fault", () => {
  it.each<[Fault, boolean, object]>([
    [{ kind: "cut" }, false, { transfer: "cut" }],
    [{ kind: "cut", afterActing: true }, true, { transfer: "cut" }],
    [{ kind: "reset" }, false, { transfer: "reset" }],
    [{ kind: "hang" }, false, { transfer: "hang" }],
    [{ kind: "hang", afterActing: true }, true, { transfer: "hang" }],
    [{ kind: "html" }, true, { status: 200, ...PAGE }],
    [{ kind: "html", status: 502, afterActing: true }, true, { status: 502, ...PAGE }],
    [{ kind: "empty" }, true, { status: 200, text: "", headers: JSON_TYPE }],
    [{ kind: "empty", status: 500 }, false, { status: 500, text: "" }],
    [{ kind: "secret" }, true, text({})],
    [{ kind: "secret", value: "" }, true, text({ signing_secret: "" })],
    [{ kind: "status", status: 429, message: "Slow", retryAfter: 6 }, false, TOO_MANY],
    [{ kind: "redirect", location: "x:" }, false, { status: 307, headers: { location: "x:" } }],
    [{ kind: "endless" }, true, { transfer: "endless", status: 200, delayMs: 0 }],
    [{ kind: "cutBody" }, true, { transfer: "half", status: 200 }],
    [{ kind: "slow", delayMs: 5, afterActing: true }, true, { transfer: "whole", delayMs: 5 }],
  ])("%j, acting: %p", (fault, acted, outcome) => {
    simulator.setFault(fault);
    expect(rotate()).toMatchObject(outcome);
    expect(simulator.rotations(id)).toBe(acted ? 1 : 0);
    expect(lastCall()).toMatchObject({ acted, fault: fault.kind });
  });

  it("takes nothing but the secret out of a creation", async () => {
    simulator.setFault({ kind: "secret", operation: "createWebhookEndpoint" });
    const answer = await fetchOperation(simulator, "createWebhookEndpoint", { body: ENDPOINT });
    const { name, signing_secret } = (await answer.json()) as typeof ENDPOINT;
    expect([name, signing_secret]).toEqual([ENDPOINT["name"], undefined]);
  });

  it.each([
    [{ kind: "nonsense" }, "fault.kind: must be one of status, slow, cut"],
    [{ kind: "status", status: 99 }, "fault.status: must be >= 200"],
    [{ kind: "cut", delayMs: 1 }, "fault.delayMs: Extra inputs are not permitted"],
    [{ kind: "cut", operation: "rotate" }, "fault.operation: must be one of listWebhookEndpoints"],
    [{ kind: "cut", times: 0 }, "fault.times: must be >= 1"],
  ])("that is wrong is refused with its field: %j", (fault, message) => {
    expect(() => simulator.setFault(fault as Fault)).toThrow(TypeError);
    expect(() => simulator.setFault(fault as Fault)).toThrow(message);
    expect(rotate()).toMatchObject({ status: 200 });
  });
});

describe("time", () => {
  it.each([
    ["slow waits before acting", false, { kind: "slow", delayMs: HOUR }],
    ["slow waits after acting", true, { kind: "slow", delayMs: HOUR, afterActing: true }],
    ["latency is what every call takes", false, undefined],
  ] as const)("%s", async (_, acted, fault) => {
    const latencyMs = fault === undefined ? HOUR : 0;
    await simulator.close();
    simulator = await startSimulator({ latencyMs });
    ({ id } = await simulator.createEndpoint());
    if (fault !== undefined) simulator.setFault(fault);
    const answer = fetchOperation(simulator, ROTATE, { id });
    await until(() => lastCall()?.acted === acted, "it");
    await simulator.advance(HOUR - 1000);
    expect(lastCall()).toMatchObject({ acted, endedAt: null });
    await simulator.advance(1000);
    expect(await (await answer).text()).toBe(secretJson());
    expect(simulator.rotations(id)).toBe(1);
  });

  it("of a call without end ends when the caller hangs up", async () => {
    simulator.setFault({ kind: "endless", delayMs: 1 });
    const { body } = await fetchOperation(simulator, ROTATE, { id });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    for (let bytes = 0; bytes < 200_000;) bytes += (await reader.read()).value?.length ?? NaN;
    expect(lastCall()?.endedAt).toBeNull();
    await reader.cancel();
    await until(() => lastCall()?.endedAt !== null, "it");
  });

  it("of waiting calls does not hold up the simulator's end", async () => {
    simulator.setFault({ kind: "hang", times: 1 });
    simulator.setFault({ kind: "slow", delayMs: HOUR });
    const failed = [1, 2].map(() =>
      expect(fetchOperation(simulator, ROTATE, { id })).rejects.toThrow(),
    );
    await until(() => simulator.requests.length === 2, "it");
    expect(simulator.requests).toMatchObject([{ endedAt: null }, { endedAt: null }]);
    await simulator.close();
    await Promise.all(failed);
  });
});

it("a caller in the process decides in which order requests act", () => {
  const [first, second] = [simulator.begin(request(id)), simulator.begin(request(id))];
  expect(simulator.rotations(id)).toBe(0);
  for (const exchange of [second, first]) {
    expect(exchange.act().answer?.text).toBe(secretJson());
  }
  expect(simulator.rotations(id)).toBe(2);
});

describe("which calls a fault meets", () => {
  const failure = { kind: "status", status: 500 } as const;
  const statuses = (count: number, endpoint = id) =>
    Array.from({ length: count }, () => (rotate(endpoint) as { status: number }).status);

  it("every call until it is cleared, alone or with all others", () => {
    const one = simulator.setFault(failure);
    expect(statuses(2)).toEqual([500, 500]);
    simulator.setFault({ kind: "status", status: 503 });
    simulator.clearFaults(one);
    expect(statuses(1)).toEqual([503]);
    simulator.clearFaults();
    expect(statuses(1)).toEqual([200]);
  });

  it("so many calls, after so many; the first fault wins, then the next", () => {
    simulator.setFault({ ...failure, skip: 1, times: 2 });
    expect(statuses(4)).toEqual([200, 500, 500, 200]);
    for (const status of [429, 503]) simulator.setFault({ kind: "status", status, times: 1 });
    expect(statuses(3)).toEqual([429, 503, 200]);
  });

  it("some operations, or one endpoint", async () => {
    const other = await simulator.createEndpoint();
    simulator.setFault({ ...failure, operation: "getWebhookEndpoint" });
    expect(await call(simulator, "getWebhookEndpoint", { id })).toMatchObject({ status: 500 });
    simulator.setFault({ ...failure, operation: [ROTATE, "getAlertRule"], resourceId: other.id });
    expect([...statuses(1), ...statuses(1, other.id)]).toEqual([200, 500]);
  });
});
