import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { startSimulator, type Fault, type Simulator } from "../../src/simulator/index.js";
import type { Host } from "../support/host.js";
import { ask, located, RULE, startHost, summaries } from "../support/provider.js";

let simulator: Simulator;
let host: Host;
beforeEach(async () => {
  // Each look at the clock is a second later: what is told apart by time never happens at once.
  let seconds = 0;
  simulator = await startSimulator({ now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)) });
  host = await startHost(simulator);
});
afterEach(() => simulator.close());

const read = async (type: string, config?: ObjectValue) => {
  const { state, diagnostics } = await host.readDataSource(type, config);
  expect(diagnostics).toEqual([]);
  if (state === null) throw new Error("no state was read");
  // A list's attribute is the last word of its type.
  const list = (state[type.split("_").at(-1) ?? ""] ?? []) as readonly ObjectValue[];
  return { state, list, names: list.map(({ name }) => name) };
};

const PATHS = {
  polyai_webhook_endpoints: "/v1/webhook-endpoints",
  polyai_alert_rules: "/v1/alert-rules",
};

const listed = async (path: string) => {
  const { data } = await ask(simulator, "GET", path);
  return data as readonly Record<string, unknown>[];
};

describe("with objects of each kind", () => {
  beforeEach(async () => {
    const endpoint = (name: string, settings: Parameters<Simulator["createEndpoint"]>[0]) =>
      simulator.createEndpoint({ name, headers: { a: "1" }, ...settings });
    await endpoint("both", { timeout_ms: 1500 });
    await endpoint("off", { enabled: false, event_types: ["alerts.resolved"] });
    await endpoint("triggered", { event_types: ["alerts.triggered"] });
    const rule = (name: string, settings: ObjectValue) =>
      ask(simulator, "POST", "/v1/alert-rules", { ...RULE, name, ...settings });
    await rule("slow", {});
    await rule("errors", { metric: "api_errors", project_id: "proj_1" });
    await rule("idle", { metric: "api_errors", enabled: false });
    await simulator.setMetric({ metric: "api_errors", projectId: "proj_1", value: 1500 });
    await simulator.setMetric({ metric: "turn_latency_p95", value: 5 });
  });

  it.each<[string, ObjectValue, readonly string[]]>([
    ["polyai_webhook_endpoints", {}, ["both", "off", "triggered"]],
    ["polyai_webhook_endpoints", { enabled: true }, ["both", "triggered"]],
    ["polyai_webhook_endpoints", { enabled: false }, ["off"]],
    ["polyai_webhook_endpoints", { event_type: "alerts.resolved" }, ["both", "off"]],
    ["polyai_webhook_endpoints", { event_type: "alerts.triggered", enabled: false }, []],
    ["polyai_alert_rules", {}, ["errors", "idle", "slow"]],
    ["polyai_alert_rules", { enabled: true }, ["errors", "slow"]],
    ["polyai_alert_rules", { enabled: false }, ["idle"]],
    ["polyai_alert_rules", { metric: "api_errors" }, ["errors", "idle"]],
    ["polyai_alert_rules", { project_id: "proj_1" }, ["errors"]],
    ["polyai_alert_rules", { state: "ok" }, ["slow"]],
    ["polyai_alert_rules", { state: "unknown", metric: "api_errors" }, ["idle"]],
    ["polyai_active_alerts", {}, ["errors"]],
    ["polyai_active_alerts", { metric: "api_errors" }, ["errors"]],
    ["polyai_active_alerts", { metric: "call_volume" }, []],
    ["polyai_active_alerts", { project_id: "proj_1" }, ["errors"]],
    ["polyai_active_alerts", { project_id: "proj_2" }, []],
  ])("%s with %j gives %j", async (type, filter, expected) => {
    const { state, names } = await read(type, filter);
    expect(state).toMatchObject(filter);
    expect(names.sort()).toEqual(expected);
  });

  it.each(Object.entries(PATHS))(
    "%s gives each as the API has it, in order",
    async (type, path) => {
      // An endpoint's headers may hold secrets.
      const shown = (await listed(path)).map(({ headers: _, ...rest }) => rest);
      expect((await read(type)).list).toEqual(
        shown.sort((one, other) => (String(one["id"]) < String(other["id"]) ? -1 : 1)),
      );
    },
  );

  it.each(Object.entries(PATHS))("the one of %s gives every field", async (types, path) => {
    for (const { headers, ...object } of await listed(path)) {
      const map = !headers ? {} : { headers: new Map(Object.entries(headers)) };
      const { state } = await read(types.slice(0, -1), { id: object["id"] as string });
      expect(state).toEqual({ ...object, ...map });
    }
  });

  it("polyai_active_alerts gives each as the API has it, the longest active first", async () => {
    await simulator.setMetric({ metric: "turn_latency_p95", value: 1500 });
    const { list, names } = await read("polyai_active_alerts");
    expect(list).toEqual(expect.arrayContaining([...(await listed("/v1/alerts"))]));
    expect(names).toEqual(["errors", "slow"]);
  });
});

it.each([
  ["polyai_webhook_endpoint", "whe_1", "webhook endpoint"],
  ["polyai_alert_rule", "ar_1", "alert rule"],
])("%s names the id %s where there is no such %s", async (type, id, noun) => {
  const { diagnostics } = await host.readDataSource(type, { id });
  expect(located(diagnostics)).toEqual([`error at id: Could not read ${noun} ${id}`]);
});

it.each<[string, NonNullable<Fault["operation"]>, string]>([
  ["polyai_webhook_endpoints", "listWebhookEndpoints", "list the webhook endpoints"],
  ["polyai_alert_rules", "listAlertRules", "list the alert rules"],
  ["polyai_active_alerts", "getActiveAlerts", "list the active alerts"],
])("%s says so if the API refuses %s", async (typeName, operation, action) => {
  simulator.setFault({ kind: "status", status: 500, operation });
  const { state, diagnostics } = await host.readDataSource(typeName);
  expect([state, summaries(diagnostics)]).toEqual([null, [`error: Could not ${action}`]]);
});
