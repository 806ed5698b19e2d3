import { RULE, Story } from "../support/provider.js";
import { host, simulator } from "./setup.js";

it("an update keeps the current state that was planned, and the next refresh finds the new one", async () => {
  const story = new Story(host, "polyai_alert_rule", RULE);
  await story.apply();
  await simulator.setMetric({ metric: "turn_latency_p95", value: 2000 });
  const alerting = { current_state: "alert", current_value: 2000 };
  expect((await story.read()).state).toMatchObject(alerting);
  expect(await story.apply({ enabled: false })).toMatchObject(alerting);
  const { state } = await story.read();
  expect(state).toMatchObject({ current_state: "unknown", current_value: null });
});
