import { apiError } from "./errors.js";
import {
  metricKey,
  newId,
  timeAfter,
  type Account,
  type AlertRule,
  type EventType,
  type Metric,
  type Operator,
  type RuleSettings,
  type RuleState,
  type StoredRule,
} from "./model.js";
import { ACCOUNT_LIMITS } from "./schemas.js";

export interface RuleFilter {
  readonly enabled?: boolean | undefined;
  readonly metric?: Metric | undefined;
  readonly projectId?: string | undefined;
  readonly state?: RuleState | undefined;
}

/** A rule as the list of active alerts shows it. */
export type ActiveAlert = Omit<AlertRule, "id" | "enabled" | "current_state" | TimeField> & {
  readonly alert_rule_id: string;
};
type TimeField = "created_at" | "updated_at";

/** @throws ApiError 404 if the account has no such rule. */
export function findRule(account: Account, id: string): StoredRule {
  const stored = account.rules.get(id);
  if (stored === undefined) throw apiError(404, `Alert rule ${id} not found.`);
  return stored;
}

export function listRules(account: Account, filter: RuleFilter): AlertRule[] {
  return [...account.rules.values()]
    .map(({ rule }) => rule)
    .filter(
      (rule) =>
        (filter.enabled === undefined || rule.enabled === filter.enabled) &&
        (filter.metric === undefined || rule.metric === filter.metric) &&
        (filter.projectId === undefined || rule.project_id === filter.projectId) &&
        (filter.state === undefined || rule.current_state === filter.state),
    );
}

export function activeAlerts(account: Account, filter: RuleFilter): ActiveAlert[] {
  return listRules(account, { ...filter, state: "alert" }).map((rule) => {
    const { id, enabled: _e, current_state: _s, created_at: _c, updated_at: _u, ...shown } = rule;
    return { alert_rule_id: id, ...shown };
  });
}

/** @throws ApiError 409 if the account has its ten rules. */
export function addRule(account: Account, settings: RuleSettings, now: Date): AlertRule {
  if (account.rules.size >= ACCOUNT_LIMITS.rules) {
    throw apiError(
      409,
      `The account already has the maximum of ${ACCOUNT_LIMITS.rules} alert rules.`,
    );
  }
  const time = now.toISOString();
  const rule: AlertRule = {
    id: newId("ar"),
    ...settings,
    ...NEVER_EVALUATED,
    created_at: time,
    updated_at: time,
  };
  account.rules.set(rule.id, { rule, firing: false });
  return rule;
}

const NEVER_EVALUATED = {
  current_state: "unknown",
  since: null,
  last_evaluated_at: null,
  current_value: null,
} as const;

export function updateRule(stored: StoredRule, changes: Partial<RuleSettings>, now: Date) {
  const rule = { ...stored.rule, ...changes, updated_at: timeAfter(stored.rule.updated_at, now) };
  // A rule that is switched off raises no alert; its next evaluation starts afresh.
  stored.rule = rule.enabled ? rule : { ...rule, ...NEVER_EVALUATED };
  if (!rule.enabled) stored.firing = false;
  return stored.rule;
}

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
 * Holds every enabled rule against the metric of its own project (or, without a project, of the
 * account as a whole) and gives what changed. The value that was set counts as the value of any
 * window. A rule that has no data keeps an alert unresolved until data says that it is over.
 */
export function evaluateRules(account: Account, now: Date): RuleEvent[] {
  return [...account.rules.values()].flatMap((stored) => {
    if (!stored.rule.enabled) return [];
    const value = account.metrics.get(metricKey(stored.rule.metric, stored.rule.project_id));
    const state = stateFor(stored.rule, value);
    const time = now.toISOString();
    stored.rule = {
      ...stored.rule,
      current_state: state,
      current_value: value ?? null,
      last_evaluated_at: time,
      since: state === stored.rule.current_state ? stored.rule.since : time,
    };
    if (state === "alert" && !stored.firing) return changeFiring(stored, true);
    if (state === "ok" && stored.firing) return changeFiring(stored, false);
    return [];
  });
}

function stateFor(rule: AlertRule, value: number | undefined): RuleState {
  if (value === undefined) return "no_data";
  return COMPARE[rule.operator](value, rule.threshold_value) ? "alert" : "ok";
}

function changeFiring(stored: StoredRule, firing: boolean): RuleEvent[] {
  stored.firing = firing;
  return [{ type: firing ? "alerts.triggered" : "alerts.resolved", rule: stored.rule }];
}
