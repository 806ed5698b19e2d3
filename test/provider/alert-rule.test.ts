import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { ask, RULE, startHost, Story, unknownNames } from "../support/provider.js";

const TYPE = "polyai_alert_rule";

let simulator: Simulator;
let story: Story;
beforeEach(async () => {
  simulator = await startSimulator();
  story = new Story(await startHost(simulator), TYPE, RULE);
});
afterEach(() => simulator.close());

const path = (): string => `/v1/alert-rules/${story.id}`;
const rule = () => ask(simulator, "GET", path());

describe("creation", () => {
  it("sends every setting, and the state holds all that the API says", async () => {
    const config = { project_id: "proj_1", threshold_value: 0, enabled: false };
    const created = await story.apply(config);
    expect(await rule()).toEqual(created);
    expect(created).toMatchObject({ ...RULE, ...config, current_state: "unknown", since: null });
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
    await story.apply();
    const plan = await story.plan(change);
    expect([plan.diagnostics, unknownNames(plan), plan.requiresReplace]).toEqual([
      [],
      ["updated_at"],
      [],
    ]);
    const updated = await story.applyPlan(plan);
    const { updated_at } = updated;
    expect(await rule()).toMatchObject({ ...RULE, ...change, updated_at });
    expect((await story.read()).state).toEqual(updated);
  });

  it("that leaves project_id out clears it", async () => {
    await story.apply({ project_id: "proj_1" });
    await story.apply();
    expect(await rule()).toMatchObject({ project_id: null });
  });

  it("keeps the current state that was planned, and the next refresh finds the new one", async () => {
    await story.apply();
    await simulator.setMetric({ metric: "turn_latency_p95", value: 2000 });
    const alerting = { current_state: "alert", current_value: 2000 };
    expect((await story.read()).state).toMatchObject(alerting);
    expect(await story.apply({ enabled: false })).toMatchObject(alerting);
    expect((await story.read()).state).toMatchObject({
      current_state: "unknown",
      current_value: null,
    });
  });
});
