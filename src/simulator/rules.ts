import type { DeliveryEvent } from "./deliveries.js";
import type { Operator, RuleState } from "./model.js";
import { activeAlert } from "./operations.js";
import { metricKey, type Store } from "./store.js";

const COMPARE: Readonly<Record<Operator, (value: number, threshold: number) => boolean>> = {
  ">": (value, threshold) => value > threshold,
  "<": (value, threshold) => value < threshold,
  ">=": (value, threshold) => value >= threshold,
  "<=": (value, threshold) => value <= threshold,
};

/**
 * Evaluates every enabled rule against the metric of its own project (or, without a project, of the
 * account as a whole) and gives an event for each that began or ceased to fire. The value that was
 * set counts as the value of any window. A rule that has no data keeps an alert unresolved until data
 * says that it is over.
 */
export function evaluateRules(store: Store, now: Date): DeliveryEvent[] {
  const time = now.toISOString();
  const enabled = store.rules.list().filter((rule) => rule.enabled);
  return enabled.flatMap<DeliveryEvent>((rule) => {
    const { operator, threshold_value: threshold } = rule;
    const value = store.metrics.get(metricKey(rule.metric, rule.project_id)) ?? null;
    const met: RuleState = value !== null && COMPARE[operator](value, threshold) ? "alert" : "ok";
    const state = value === null ? "no_data" : met;
    const firing = state === "alert" || (rule.firing && state !== "ok");
    const evaluated = store.rules.set(rule.id, {
      current_state: state,
      current_value: value,
      last_evaluated_at: time,
      since: state === rule.current_state ? rule.since : time,
      firing,
    });
    if (firing === rule.firing) return [];
    // PolyAI does not document a delivery's body; this form is the simulator's own.
    const data = { ...activeAlert(evaluated), current_state: state };
    return [{ type: firing ? "alerts.triggered" : "alerts.resolved", data }];
  });
}
