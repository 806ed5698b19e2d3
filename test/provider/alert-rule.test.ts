import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import type { Host, Instance } from "../support/host.js";
import { apply, ask, idOf, operations, startHost, summaries, unknownNames } from "./support.js";

const TYPE = "polyai_alert_rule";
const CONFIG: ObjectValue = {
  name: "Slow turns",
  metric: "turn_latency_p95",
  operator: ">=",
  threshold_value: 1500,
  window_duration: "5m",
};

let simulator: Simulator;
let host: Host;
beforeEach(async () => {
  simulator = await startSimulator();
  host = await startHost(simulator);
});
afterEach(() => simulator.close());

const create = (config: ObjectValue = CONFIG): Promise<Instance> => apply(host, TYPE, config);
const pathOf = (instance: Instance): string => `/v1/alert-rules/${idOf(instance)}`;
const ruleOf = (instance: Instance) => ask(simulator, "GET", pathOf(instance));

describe("creation", () => {
  it("plans what the practitioner gives and the default, and nothing else", async () => {
    const plan = await host.plan(TYPE, CONFIG);
    expect(plan.diagnostics).toEqual([]);
    expect(unknownNames(plan)).toEqual([
      "created_at",
      "current_state",
      "current_value",
      "id",
      "last_evaluated_at",
      "since",
      "updated_at",
    ]);
    expect(plan.planned).toMatchObject({ ...CONFIG, project_id: null, enabled: true });
    expect(operations(simulator)).toEqual([]);
  });

  it("sends every setting, and the state holds all that the API says", async () => {
    const config = { ...CONFIG, project_id: "proj_1", threshold_value: 0, enabled: false };
    const created = await create(config);
    expect(await ruleOf(created)).toEqual(created.state);
    expect(created.state).toMatchObject({ ...config, current_state: "unknown", since: null });
  });

  it("waits until the rule can be read", async () => {
    simulator.setFault({ kind: "status", status: 404, operation: "getAlertRule", times: 1 });
    await create();
    expect(operations(simulator)).toEqual(["createAlertRule", "getAlertRule", "getAlertRule"]);
  });

  it("beyond the account's limit says so", async () => {
    const body = { ...CONFIG };
    for (let count = 0; count < 10; count++) await ask(simulator, "POST", "/v1/alert-rules", body);
    const { state, diagnostics } = await host.apply(TYPE, await host.plan(TYPE, CONFIG));
    expect(state).toBeNull();
    expect(summaries(diagnostics)).toEqual(['error: Could not create alert rule "Slow turns"']);
    expect(diagnostics[0]?.detail).toContain("maximum of 10 alert rules");
  });

  it("without an answer warns that there may be one now", async () => {
    simulator.setFault({ kind: "cut", operation: "createAlertRule", afterActing: true });
    const { state, diagnostics } = await host.apply(TYPE, await host.plan(TYPE, CONFIG));
    expect(state).toBeNull();
    expect(diagnostics[0]?.detail).toContain("polyai_alert_rules");
  });
});

describe("an update", () => {
  it.each<[string, ObjectValue]>([
    ["name", { name: "Slower turns" }],
    ["project_id", { project_id: "proj_2" }],
    ["metric", { metric: "api_errors" }],
    ["operator", { operator: "<" }],
    ["threshold_value", { threshold_value: 0 }],
    ["window_duration", { window_duration: "60m" }],
    ["enabled", { enabled: false }],
  ])("of %s is in place and knows all but updated_at", async (_, change) => {
    const prior = await create();
    const config = { ...CONFIG, ...change };
    const plan = await host.plan(TYPE, config, prior);
    expect([unknownNames(plan), plan.requiresReplace]).toEqual([["updated_at"], []]);
    const updated = await apply(host, TYPE, config, prior);
    expect(await ruleOf(updated)).toMatchObject({
      ...config,
      updated_at: updated.state?.["updated_at"],
    });
    expect((await host.read(TYPE, updated)).state).toEqual(updated.state);
  });

  it("sends only what changed", async () => {
    const prior = await create();
    // Somebody else's change that no refresh has seen yet is left alone.
    await ask(simulator, "PATCH", pathOf(prior), { name: "Theirs", window_duration: "60m" });
    await apply(host, TYPE, { ...CONFIG, threshold_value: 2000 }, prior);
    expect(await ruleOf(prior)).toMatchObject({
      name: "Theirs",
      window_duration: "60m",
      threshold_value: 2000,
    });
  });

  it("that leaves project_id out clears it", async () => {
    const prior = await create({ ...CONFIG, project_id: "proj_1" });
    await apply(host, TYPE, CONFIG, prior);
    expect(await ruleOf(prior)).toMatchObject({ project_id: null });
  });

  it("keeps the current state that was planned, and the next refresh finds the new one", async () => {
    const created = await create();
    await simulator.setMetric({ metric: "turn_latency_p95", value: 2000 });
    const alerting = await host.read(TYPE, created);
    expect(alerting.state).toMatchObject({ current_state: "alert", current_value: 2000 });

    const updated = await apply(host, TYPE, { ...CONFIG, enabled: false }, alerting);
    expect(updated.state).toMatchObject({ current_state: "alert", current_value: 2000 });
    expect((await host.read(TYPE, updated)).state).toMatchObject({
      current_state: "unknown",
      current_value: null,
    });
  });

  it.each(["threshold_value", "project_id"])(
    "that the API refuses leaves the state, and names %s",
    async (name) => {
      const prior = await create();
      const plan = await host.plan(
        TYPE,
        { ...CONFIG, [name]: name === "project_id" ? "p" : 1 },
        prior,
      );
      simulator.setFault({
        kind: "status",
        status: 422,
        message: `body.${name}: is not right`,
        operation: "updateAlertRule",
      });
      const { state, diagnostics } = await host.apply(TYPE, plan);
      expect(state).toEqual(prior.state);
      expect(diagnostics[0]?.detail).toContain("is not right");
      expect(diagnostics[0]?.attribute).toEqual([{ kind: "attribute", name }]);
    },
  );
});

describe("reading", () => {
  it("makes no plan of a state that comes and goes", async () => {
    const created = await create();
    await simulator.setMetric({ metric: "turn_latency_p95", value: 1500 });
    const read = await host.read(TYPE, created);
    expect(read.diagnostics).toEqual([]);
    expect(read.state).toMatchObject({ current_state: "alert", current_value: 1500 });
    const plan = await host.plan(TYPE, CONFIG, read);
    expect(plan.planned).toEqual(read.state);
  });

  it("finds what somebody else changed, and the next plan puts it back", async () => {
    const created = await create();
    const drift = {
      name: "Theirs",
      project_id: "proj_9",
      metric: "call_volume",
      operator: "<",
      threshold_value: 3,
      window_duration: "10m",
      enabled: false,
    };
    await ask(simulator, "PATCH", pathOf(created), drift);
    const read = await host.read(TYPE, created);
    expect(read.state).toMatchObject(drift);
    await apply(host, TYPE, CONFIG, read);
    expect(await ruleOf(created)).toMatchObject({ ...CONFIG, project_id: null, enabled: true });
  });

  it("gives up a rule that is gone, with a warning", async () => {
    const created = await create();
    await ask(simulator, "DELETE", pathOf(created));
    const read = await host.read(TYPE, created);
    expect(read.state).toBeNull();
    expect(summaries(read.diagnostics)).toEqual([`warning: Alert rule ${idOf(created)} is gone`]);
  });

  it("does not give up a rule of another region", async () => {
    const created = await create();
    const elsewhere = await startSimulator();
    const other = await startHost(elsewhere);
    const read = await other.read(TYPE, created);
    expect(read.state).toEqual(created.state);
    expect(read.diagnostics[0]?.detail).toContain(elsewhere.url);
    await elsewhere.close();
  });
});

describe("destruction", () => {
  it("deletes the rule", async () => {
    await apply(host, TYPE, null, await create());
    expect(await ask(simulator, "GET", "/v1/alert-rules")).toEqual({ data: [] });
  });

  it("of a rule that is gone is done", async () => {
    const created = await create();
    await ask(simulator, "DELETE", pathOf(created));
    await apply(host, TYPE, null, created);
  });
});

describe("import", () => {
  it("takes everything, and then plans nothing", async () => {
    const config = { ...CONFIG, project_id: "proj_1", enabled: false };
    const created = await create(config);
    const imported = await host.importState(TYPE, idOf(created));
    expect(imported.diagnostics).toEqual([]);
    const read = await host.read(TYPE, imported);
    expect(read.state).toEqual(created.state);
    expect((await host.plan(TYPE, config, read)).planned).toEqual(read.state);
  });

  it.each([
    ["an id that is none", "whe_1", "error: Invalid import id"],
    ["a rule that is not there", "ar_1", "error: Could not import alert rule ar_1"],
  ])("refuses %s", async (_, id, summary) => {
    expect(summaries((await host.importState(TYPE, id)).diagnostics)).toEqual([summary]);
  });
});

describe("validation", () => {
  it.each<[string, ObjectValue, string]>([
    ["an unknown metric", { metric: "latency" }, "metric"],
    ["an unknown operator", { operator: "==" }, "operator"],
    ["an unknown window", { window_duration: "15m" }, "window_duration"],
    ["a negative threshold", { threshold_value: -1 }, "threshold_value"],
    ["a fractional threshold", { threshold_value: 1.5 }, "threshold_value"],
    ["a threshold beyond what JSON keeps exact", { threshold_value: 1e21 }, "threshold_value"],
    ["an empty project", { project_id: "" }, "project_id"],
  ])("refuses %s", async (_, wrong, name) => {
    const diagnostics = await host.validate(TYPE, { ...CONFIG, ...wrong });
    expect(summaries(diagnostics)).toEqual([`error: Invalid ${name}`]);
  });

  it.each<[string, ObjectValue]>([
    ["threshold 0", { threshold_value: 0 }],
    ["the longest operator", { operator: "<=" }],
    ["a project", { project_id: "proj_abc123" }],
  ])("takes %s", async (_, config) => {
    expect(await host.validate(TYPE, { ...CONFIG, ...config })).toEqual([]);
  });
});
