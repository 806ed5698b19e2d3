import type { ObjectValue, Value } from "../../src/plugin/cty/value.js";
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

const read = async (typeName: string, config?: ObjectValue) => {
  const { state, diagnostics } = await host.readDataSource(typeName, config);
  expect(diagnostics).toEqual([]);
  if (state === null) throw new Error("no state was read");
  return state;
};

const objects = (list: Value | undefined): readonly ObjectValue[] => list as readonly ObjectValue[];
const names = (list: Value | undefined): readonly Value[] =>
  objects(list)
    .map(({ name }) => name ?? null)
    .sort();

type Filters = readonly (readonly [ObjectValue, readonly string[]])[];
const FILTERS: Readonly<Record<string, readonly [list: string, Filters]>> = {
  polyai_webhook_endpoints: [
    "endpoints",
    [
      [{}, ["both", "off", "triggered"]],
      [{ enabled: true }, ["both", "triggered"]],
      [{ enabled: false }, ["off"]],
      [{ event_type: "alerts.resolved" }, ["both", "off"]],
      [{ event_type: "alerts.triggered", enabled: false }, []],
    ],
  ],
  polyai_alert_rules: [
    "rules",
    [
      [{}, ["errors", "idle", "slow"]],
      [{ enabled: true }, ["errors", "slow"]],
      [{ enabled: false }, ["idle"]],
      [{ metric: "api_errors" }, ["errors", "idle"]],
      [{ project_id: "proj_1" }, ["errors"]],
      [{ state: "ok" }, ["slow"]],
      [{ state: "unknown", metric: "api_errors" }, ["idle"]],
    ],
  ],
  polyai_active_alerts: [
    "alerts",
    [
      [{}, ["errors"]],
      [{ metric: "api_errors" }, ["errors"]],
      [{ metric: "call_volume" }, []],
      [{ project_id: "proj_1" }, ["errors"]],
      [{ project_id: "proj_2" }, []],
    ],
  ],
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

  it.each(
    Object.entries(FILTERS).flatMap(([type, [list, filters]]) =>
      filters.map(([filter, expected]) => [type, filter, expected, list] as const),
    ),
  )("%s with %j gives %j", async (type, filter, expected, list) => {
    const state = await read(type, filter);
    expect(state).toMatchObject(filter);
    expect(names(state[list])).toEqual(expected);
  });

  it.each(Object.entries(PATHS))(
    "%s gives each as the API has it, in order",
    async (type, path) => {
      const [list = ""] = FILTERS[type] ?? [];
      // An endpoint's headers may hold secrets.
      const shown = (await listed(path)).map(({ headers: _, ...rest }) => rest);
      expect((await read(type))[list]).toEqual(
        shown.sort((one, other) => (String(one["id"]) < String(other["id"]) ? -1 : 1)),
      );
    },
  );

  it.each(Object.entries(PATHS))("the one of %s gives every field", async (types, path) => {
    for (const { headers, ...object } of await listed(path)) {
      const map = !headers ? {} : { headers: new Map(Object.entries(headers)) };
      const found = await read(types.slice(0, -1), { id: object["id"] as string });
      expect(found).toEqual({ ...object, ...map });
    }
  });

  it("polyai_active_alerts gives each as the API has it, the longest active first", async () => {
    await simulator.setMetric({ metric: "turn_latency_p95", value: 1500 });
    const { alerts } = await read("polyai_active_alerts");
    expect(alerts).toEqual(expect.arrayContaining([...(await listed("/v1/alerts"))]));
    expect(objects(alerts).map(({ name }) => name)).toEqual(["errors", "slow"]);
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
