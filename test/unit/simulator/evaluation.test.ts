import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
import { verifyWebhook } from "../../../src/webhooks/index.js";
import { call, startReceiver, type Receiver } from "./client.js";

let receiver: Receiver;
let simulator: Simulator;
beforeEach(async () => {
  receiver = await startReceiver();
  simulator = await startSimulator({ deliverTo: { "*": receiver.url } });
});
afterEach(async () => {
  await simulator.close();
  await receiver.close();
});

const METRIC = "turn_latency_p95";

async function rule(settings: object = {}): Promise<string> {
  const body = {
    name: "Slow turns",
    metric: METRIC,
    operator: ">=",
    threshold_value: 1500,
    window_duration: "5m",
    ...settings,
  };
  const answer = await call(simulator, "createAlertRule", { body });
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}

const stateOf = async (id: string) => {
  const { body } = await call(simulator, "getAlertRule", { id });
  return body as { current_state: string; since: string | null; current_value: number | null };
};
const alerts = async (query = "") => {
  const { body } = await call(simulator, "getActiveAlerts", { query });
  return (body as { data: { alert_rule_id: string }[] }).data;
};
const received = () =>
  receiver.received.map(
    ({ body }) => JSON.parse(body.toString()) as { type: string; data: object },
  );

it("tells the story of an alert: triggered, listed, resolved, each delivery signed", async () => {
  const { signing_secret } = await simulator.createEndpoint();
  const id = await rule();
  expect(await stateOf(id)).toMatchObject({ current_state: "unknown", since: null });

  expect(await simulator.setMetric({ metric: METRIC, value: 1499 })).toEqual([]);
  expect(await stateOf(id)).toMatchObject({ current_state: "ok", current_value: 1499 });
  expect(await alerts()).toEqual([]);

  const [triggered] = await simulator.setMetric({ metric: METRIC, value: 1500 });
  expect(triggered).toMatchObject({ status: "delivered", eventType: "alerts.triggered" });
  const { since } = await stateOf(id);
  expect(await alerts()).toMatchObject([
    { alert_rule_id: id, current_value: 1500, since, threshold_value: 1500 },
  ]);
  expect(await simulator.setMetric({ metric: METRIC, value: 3000 })).toEqual([]);
  expect(await stateOf(id)).toMatchObject({ since, current_value: 3000 });

  const [resolved] = await simulator.setMetric({ metric: METRIC, value: 10 });
  expect(resolved).toMatchObject({ status: "delivered", eventType: "alerts.resolved" });
  expect(await alerts()).toEqual([]);

  expect(received()).toMatchObject([
    { type: "alerts.triggered", data: { alert_rule_id: id, current_value: 1500, since } },
    { type: "alerts.resolved", data: { alert_rule_id: id, current_state: "ok" } },
  ]);
  for (const { headers, body: payload } of receiver.received) {
    expect(verifyWebhook({ payload, headers, secrets: signing_secret }).valid).toBe(true);
  }
});

it.each([
  [">", [1501], [1500, 0]],
  [">=", [1500, 1501], [1499]],
  ["<", [1499, -1], [1500, 1501]],
  ["<=", [1500, 1499], [1501]],
])("compares with %s", async (operator, firing, calm) => {
  const id = await rule({ operator });
  for (const value of firing) {
    await simulator.setMetric({ metric: METRIC, value });
    expect(await stateOf(id)).toMatchObject({ current_state: "alert" });
  }
  for (const value of calm) {
    await simulator.setMetric({ metric: METRIC, value });
    expect(await stateOf(id)).toMatchObject({ current_state: "ok" });
  }
});

it("evaluates each rule with its own project's value", async () => {
  const whole = await rule();
  const one = await rule({ project_id: "proj_1" });
  const two = await rule({ project_id: "proj_2" });
  await simulator.setMetric({ metric: METRIC, projectId: "proj_1", value: 2000 });
  expect(await stateOf(one)).toMatchObject({ current_state: "alert" });
  expect(await stateOf(two)).toMatchObject({ current_state: "no_data" });
  expect(await stateOf(whole)).toMatchObject({ current_state: "no_data" });
  expect(await alerts("?project_id=proj_1")).toHaveLength(1);
  expect(await alerts("?project_id=proj_2")).toHaveLength(0);
  expect(await alerts("?metric=call_volume")).toHaveLength(0);
});

it("keeps an alert unresolved while there is no data", async () => {
  await simulator.createEndpoint();
  const id = await rule();
  await simulator.setMetric({ metric: METRIC, value: 2000 });
  await simulator.setMetric({ metric: METRIC, value: null });
  expect(await stateOf(id)).toMatchObject({ current_state: "no_data", current_value: null });
  await simulator.setMetric({ metric: METRIC, value: 2000 });
  await simulator.setMetric({ metric: METRIC, value: 0 });
  expect(received().map(({ type }) => type)).toEqual(["alerts.triggered", "alerts.resolved"]);
});

it("passes over a rule that is switched off, and clears its state", async () => {
  await simulator.createEndpoint();
  const id = await rule();
  await simulator.setMetric({ metric: METRIC, value: 2000 });
  await call(simulator, "updateAlertRule", { id, body: { enabled: false } });
  expect(await stateOf(id)).toMatchObject({ current_state: "unknown", since: null });
  expect(await simulator.setMetric({ metric: METRIC, value: 0 })).toEqual([]);
  expect(await alerts()).toEqual([]);
});

it("evaluates a rule that is newer than the value once the value is set again", async () => {
  await simulator.setMetric({ metric: METRIC, value: 2000 });
  const id = await rule();
  expect(await stateOf(id)).toMatchObject({ current_state: "unknown" });
  await simulator.setMetric({ metric: METRIC, value: 2000 });
  expect(await stateOf(id)).toMatchObject({ current_state: "alert" });
});

it("sends one event under one id to each endpoint that is enabled and subscribed", async () => {
  await simulator.createEndpoint({ name: "both" });
  await simulator.createEndpoint({ name: "triggered", event_types: ["alerts.triggered"] });
  await simulator.createEndpoint({ name: "resolved", event_types: ["alerts.resolved"] });
  await simulator.createEndpoint({ name: "off", enabled: false });
  await rule();
  const deliveries = await simulator.setMetric({ metric: METRIC, value: 2000 });
  expect(deliveries).toHaveLength(2);
  expect(new Set(deliveries.map(({ eventId }) => eventId)).size).toBe(1);
});

it.each([1.5, Number.NaN, Infinity])("refuses the value %p", async (value) => {
  await expect(simulator.setMetric({ metric: METRIC, value })).rejects.toThrow(TypeError);
});
