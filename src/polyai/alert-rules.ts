import type { ApiObject, Settings, Word } from "./api-types.js";
import { collection } from "./collection.js";
import type { Call } from "./operation.js";
import {
  boolean,
  dataOf,
  integer,
  nonEmptyString,
  number,
  object,
  or,
  string,
  toWire,
  word,
} from "./shape.js";

/** A condition on a metric, and its current state. Times are in RFC 3339. */
export type AlertRule = ApiObject<"AlertRuleResponse">;
export type CreateAlertRule = Settings<"AlertRuleCreateRequest">;

/** An alert rule that fires now, and since when. */
export type ActiveAlert = ApiObject<"ActiveAlertResponse">;

interface ActiveAlertFilter {
  readonly projectId?: string;
  readonly metric?: Word<"AlertMetric">;
}

interface AlertRuleFilter extends ActiveAlertFilter {
  readonly enabled?: boolean;
  readonly state?: Word<"AlertState">;
}

/** The fields that a rule and an active alert have in common. */
const condition = {
  name: string,
  /** Null: all of the account's projects. */
  projectId: or(string, null),
  metric: word<Word<"AlertMetric">>(),
  operator: word<Word<"AlertOperator">>(),
  thresholdValue: integer,
  windowDuration: word<Word<"WindowDuration">>(),
  lastEvaluatedAt: or(string, null),
  currentValue: or(number, null),
};

const rule = object<AlertRule>({
  ...condition,
  id: nonEmptyString,
  enabled: boolean,
  currentState: or(word<Word<"AlertState">>(), null),
  since: or(string, null),
  createdAt: string,
  updatedAt: string,
});

const alert = object<ActiveAlert>({ ...condition, alertRuleId: nonEmptyString, since: string });

export const alertRules = (call: Call) =>
  collection<AlertRuleFilter, CreateAlertRule, AlertRule, AlertRule>(call, {
    noun: "alert rule",
    path: "/v1/alert-rules",
    id: "rule_id",
    item: rule,
    created: rule,
  });

export const alerts = (call: Call) => ({
  /** The rules in state `alert`. @throws PolyaiError */
  list(filter: ActiveAlertFilter = {}) {
    const [name, path] = ["list active alerts", "/v1/alerts"];
    return call({
      name,
      method: "GET",
      path,
      query: toWire(filter),
      repeat: "safe",
      read: dataOf(alert),
    });
  },
});
