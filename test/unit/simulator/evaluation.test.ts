import { verifyWebhook } from "../../../src/webhooks/index.js";
import { call, withReceiver } from "./client.js";

const here = withReceiver();
let { simulator, receiver } = here;
beforeEach(() => ({ simulator, receiver } = here));
const METRIC = "turn_latency_p95";

async function rule(settings: object = {}): Promise<string> {
  const condition = { metric: METRIC, operator: ">=", threshold_value: 1500 };
  const body = { name: "Slow turns", window_duration: "5m", ...condition, ...settings };
  const answer = await call(simulator, "createAlertRule", { body });
  return (answer.body as { id: string }).id;
}
const set = (value: number | null, more: { readonly projectId?: string } = {}) =>
  simulator.setMetric({ metric: METRIC, value, ...more });
const ruleOf = async (id: string) => {
  const { body } = await call(simulator, "getAlertRule", { id });
  return body as { current_state: string; since: string | null; current_value: number | null };
};
const stateOf = async (id: string) => (await ruleOf(id)).current_state;
const alerts = async (query = "") => {
  const { body } = await call(simulator, "getActiveAlerts", { query });
  return (body as { data: object[] }).data;
};
const received = () => receiver.received.map(({ body }) => JSON.parse(body) as object);

it("tells the story of an alert: triggered, listed, resolved, each delivery signed", async () => {
  const { signing_secret } = await simulator.createEndpoint();
  const id = await rule();
  expect(await ruleOf(id)).toMatchObject({ current_state: "unknown", since: null });
  expect(await set(1499)).toEqual([]);
  expect(await ruleOf(id)).toMatchObject({ current_state: "ok", current_value: 1499 });
  expect(await alerts()).toEqual([]);

  expect(await set(1500)).toMatchObject([{ status: "delivered", eventType: "alerts.triggered" }]);
  const { since } = await ruleOf(id);
  const alert = { alert_rule_id: id, current_value: 1500, since };
  expect(await alerts()).toMatchObject([{ ...alert, threshold_value: 1500 }]);
  expect(await set(3000)).toEqual([]);
  expect(await ruleOf(id)).toMatchObject({ since, current_value: 3000 });

  expect(await set(10)).toMatchObject([{ status: "delivered", eventType: "alerts.resolved" }]);
  expect(await alerts()).toEqual([]);
  expect(received()).toMatchObject([
    { type: "alerts.triggered", data: alert },
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
  for (const value of [...firing, ...calm]) {
    await set(value);
    expect([value, await stateOf(id)]).toEqual([value, firing.includes(value) ? "alert" : "ok"]);
  }
});

it("evaluates each rule with its own project's value", async () => {
  const rules = [await rule()];
  for (const project_id of ["one", "two"]) rules.push(await rule({ project_id }));
  await set(2000, { projectId: "one" });
  expect(await Promise.all(rules.map(stateOf))).toEqual(["no_data", "alert", "no_data"]);
  const queries = ["?project_id=one", "?project_id=two", "?metric=call_volume"];
  expect((await Promise.all(queries.map(alerts))).map(({ length }) => length)).toEqual([1, 0, 0]);
});

it("keeps an alert unresolved while there is no data", async () => {
  await simulator.createEndpoint();
  const id = await rule();
  await set(2000);
  await set(null);
  expect(await ruleOf(id)).toMatchObject({ current_state: "no_data", current_value: null });
  await set(2000);
  await set(0);
  expect(received()).toMatchObject([{ type: "alerts.triggered" }, { type: "alerts.resolved" }]);
});

it("passes over a rule that is switched off, and clears its state", async () => {
  await simulator.createEndpoint();
  const id = await rule();
  await set(2000);
  await call(simulator, "updateAlertRule", { id, body: { enabled: false } });
  expect(await ruleOf(id)).toMatchObject({ current_state: "unknown", since: null });
  expect([await set(0), await alerts()]).toEqual([[], []]);
});

it("evaluates a rule that is newer than the value once the value is set again", async () => {
  await set(2000);
  const id = await rule();
  expect(await stateOf(id)).toBe("unknown");
  await set(2000);
  expect(await stateOf(id)).toBe("alert");
});

it("sends one event under one id to each endpoint that is enabled and subscribed", async () => {
  const settings = [{}, { event_types: ["alerts.triggered"] as const }];
  const passedOver = [{ event_types: ["alerts.resolved"] as const }, { enabled: false }];
  for (const each of [...settings, ...passedOver]) await simulator.createEndpoint(each);
  await rule();
  const deliveries = await set(2000);
  expect(deliveries).toHaveLength(2);
  expect(new Set(deliveries.map(({ eventId }) => eventId)).size).toBe(1);
});

it.each([1.5, Infinity])("refuses the value %p", async (value) => {
  await expect(set(value)).rejects.toThrow(TypeError);
});
