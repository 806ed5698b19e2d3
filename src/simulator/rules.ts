import type { AlertRule, EventType, Operator, RuleState } from "./model.js";
import type { Store } from "./store.js";

/** A rule that began or ceased to fire. */
export interface RuleEvent {
  readonly type: EventType;
  readonly rule: AlertRule;
}

const COMPARE: Readonly<Record<Operator, (value: number, threshold: number) => boolean>> = {
  ">": (value, threshold) => value > threshold,
  "<": (value, threshold) => value < threshold,
  ">=": (value, threshold) => value >= threshold,
  "<=": (value, threshold) => value <= threshold,
};

/**
 * Evaluates every enabled rule against the metric of its own project (or, without a project, of the
 * account as a whole) and gives what changed. The value that was set counts as the value of any
 * window. A rule that has no data keeps an alert unresolved until data says that it is over.
 */
export function evaluateRules(store: Store, now: Date): RuleEvent[] {
  return store.rules.list().flatMap((rule) => {
    if (!rule.enabled) return [];
    const value = store.metric(rule.metric, rule.project_id);
    const state = stateFor(rule, value);
    const time = now.toISOString();
    const firing = state === "alert" || (rule.firing && state !== "ok");
    const evaluated = store.rules.set(rule.id, {
      current_state: state,
      current_value: value,
      last_evaluated_at: time,
      since: state === rule.current_state ? rule.since : time,
      firing,
    });
    if (firing === rule.firing) return [];
    return [{ type: firing ? "alerts.triggered" : "alerts.resolved", rule: evaluated }];
  });
}

function stateFor(rule: AlertRule, value: number | null): RuleState {
  if (value === null) return "no_data";
  return COMPARE[rule.operator](value, rule.threshold_value) ? "alert" : "ok";
}
