import type { ObjectValue, Value } from "../../src/plugin/cty/value.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import type { Host } from "../support/host.js";
import { ask, startHost, summaries } from "../support/provider.js";

let simulator: Simulator;
let host: Host;
beforeEach(async () => {
  // Each look at the clock is a second later: what is told apart by time never happens at once.
  let seconds = 0;
  simulator = await startSimulator({ now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)) });
  host = await startHost(simulator);
});
afterEach(() => simulator.close());

const read = async (typeName: string, config?: ObjectValue): Promise<ObjectValue> => {
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

describe("polyai_webhook_endpoint", () => {
  it("gives every field that the API has of an endpoint", async () => {
    const { signing_secret: _, ...endpoint } = await simulator.createEndpoint({
      headers: { a: "1" },
      timeout_ms: 1500,
      enabled: false,
    });
    expect(await read("polyai_webhook_endpoint", { id: endpoint.id })).toEqual({
      ...endpoint,
      headers: new Map([["a", "1"]]),
    });
  });

  it("names the id where there is no such endpoint", async () => {
    const { diagnostics } = await host.readDataSource("polyai_webhook_endpoint", { id: "whe_1" });
    expect(summaries(diagnostics)).toEqual(["error: Could not read webhook endpoint whe_1"]);
    expect(diagnostics[0]?.attribute).toEqual([{ kind: "attribute", name: "id" }]);
  });
});

describe("polyai_webhook_endpoints", () => {
  beforeEach(async () => {
    await simulator.createEndpoint({ name: "both" });
    await simulator.createEndpoint({
      name: "off",
      enabled: false,
      event_types: ["alerts.resolved"],
    });
    await simulator.createEndpoint({ name: "triggered", event_types: ["alerts.triggered"] });
  });

  it.each<[ObjectValue, readonly string[]]>([
    [{}, ["both", "off", "triggered"]],
    [{ enabled: true }, ["both", "triggered"]],
    [{ enabled: false }, ["off"]],
    [{ event_type: "alerts.resolved" }, ["both", "off"]],
    [{ event_type: "alerts.triggered", enabled: false }, []],
  ])("with %j gives %j", async (filter, expected) => {
    const state = await read("polyai_webhook_endpoints", filter);
    expect(state).toMatchObject(filter);
    expect(names(state["endpoints"])).toEqual(expected);
  });

  it("gives each without its headers, in order of id", async () => {
    const { endpoints } = await read("polyai_webhook_endpoints");
    const { data } = await ask(simulator, "GET", "/v1/webhook-endpoints");
    const shown = (data as { id: string; headers: unknown }[])
      .map(({ headers: _, ...rest }) => rest)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(endpoints).toEqual(shown);
  });
});

describe("rules and alerts", () => {
  const make = (name: string, settings: Record<string, unknown>) =>
    ask(simulator, "POST", "/v1/alert-rules", {
      name,
      metric: "api_errors",
      operator: ">",
      threshold_value: 5,
      window_duration: "10m",
      ...settings,
    });

  beforeEach(async () => {
    await make("slow", { metric: "turn_latency_p95" });
    await make("errors", { project_id: "proj_1" });
    await make("off", { enabled: false });
    await simulator.setMetric({ metric: "api_errors", projectId: "proj_1", value: 6 });
    await simulator.setMetric({ metric: "turn_latency_p95", value: 5 });
  });

  describe("polyai_alert_rule", () => {
    it("gives every field that the API has of a rule", async () => {
      const [rule] = objects((await read("polyai_alert_rules", { state: "alert" }))["rules"]);
      const path = `/v1/alert-rules/${rule?.["id"] as string}`;
      const asked = await ask(simulator, "GET", path);
      expect(await read("polyai_alert_rule", { id: rule?.["id"] ?? null })).toEqual(asked);
      expect(asked).toMatchObject({ current_state: "alert", current_value: 6 });
    });

    it("names the id where there is no such rule", async () => {
      const { diagnostics } = await host.readDataSource("polyai_alert_rule", { id: "ar_1" });
      expect(summaries(diagnostics)).toEqual(["error: Could not read alert rule ar_1"]);
      expect(diagnostics[0]?.attribute).toEqual([{ kind: "attribute", name: "id" }]);
    });
  });

  describe("polyai_alert_rules", () => {
    it.each<[ObjectValue, readonly string[]]>([
      [{}, ["errors", "off", "slow"]],
      [{ enabled: true }, ["errors", "slow"]],
      [{ enabled: false }, ["off"]],
      [{ metric: "api_errors" }, ["errors", "off"]],
      [{ project_id: "proj_1" }, ["errors"]],
      [{ state: "ok" }, ["slow"]],
      [{ state: "unknown", metric: "api_errors" }, ["off"]],
    ])("with %j gives %j", async (filter, expected) => {
      const state = await read("polyai_alert_rules", filter);
      expect(state).toMatchObject(filter);
      expect(names(state["rules"])).toEqual(expected);
    });

    it("gives each as the API has it, in order of id", async () => {
      const { data } = await ask(simulator, "GET", "/v1/alert-rules");
      expect((await read("polyai_alert_rules"))["rules"]).toEqual(
        (data as { id: string }[]).sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
    });
  });

  describe("polyai_active_alerts", () => {
    it.each<[ObjectValue, readonly string[]]>([
      [{}, ["errors"]],
      [{ metric: "api_errors" }, ["errors"]],
      [{ metric: "call_volume" }, []],
      [{ project_id: "proj_1" }, ["errors"]],
      [{ project_id: "proj_2" }, []],
    ])("with %j gives %j", async (filter, expected) => {
      const state = await read("polyai_active_alerts", filter);
      expect(state).toMatchObject(filter);
      expect(names(state["alerts"])).toEqual(expected);
    });

    it("gives each as the API has it, the longest active first", async () => {
      await simulator.setMetric({ metric: "turn_latency_p95", value: 6 });
      const { data } = await ask(simulator, "GET", "/v1/alerts");
      const { alerts } = await read("polyai_active_alerts");
      expect(alerts).toEqual(expect.arrayContaining(data as unknown[]));
      expect(objects(alerts).map(({ name }) => name)).toEqual(["errors", "slow"]);
    });
  });
});

describe("a list that the API refuses", () => {
  it.each<[string, Parameters<Simulator["setFault"]>[0]["operation"] & string, string]>([
    ["polyai_webhook_endpoints", "listWebhookEndpoints", "list the webhook endpoints"],
    ["polyai_alert_rules", "listAlertRules", "list the alert rules"],
    ["polyai_active_alerts", "getActiveAlerts", "list the active alerts"],
  ])("%s says so", async (typeName, operation, action) => {
    simulator.setFault({ kind: "status", status: 500, operation });
    const { state, diagnostics } = await host.readDataSource(typeName);
    expect(state).toBeNull();
    expect(summaries(diagnostics)).toEqual([`error: Could not ${action}`]);
  });
});
