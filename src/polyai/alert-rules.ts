import type { ApiObject, Settings, Word } from "./api-types.js";
import { collection } from "./collection.js";
import type { Call } from "./operation.js";
import { boolean, integer, nonEmptyString, object, or, string, word } from "./shape.js";

/** A condition on a metric, and its current state. Times are in RFC 3339. */
export type AlertRule = ApiObject<"AlertRuleResponse">;
export type CreateAlertRule = Settings<"AlertRuleCreateRequest">;

export interface AlertRuleFilter {
  readonly enabled?: boolean;
  readonly metric?: Word<"AlertMetric">;
  readonly projectId?: string;
  readonly state?: Word<"AlertState">;
}

/** The fields that a rule and an active alert have in common. */
export const condition = {
  name: string,
  /** Null: all of the account's projects. */
  projectId: or(string, null),
  metric: word<Word<"AlertMetric">>(),
  operator: word<Word<"AlertOperator">>(),
  thresholdValue: integer,
  windowDuration: word<Word<"WindowDuration">>(),
  lastEvaluatedAt: or(string, null),
  currentValue: or(integer, null),
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

export const alertRules = (call: Call) =>
  collection<AlertRuleFilter, CreateAlertRule, AlertRule, AlertRule>(call, {
    noun: "alert rule",
    path: "/v1/alert-rules",
    id: "rule_id",
    item: rule,
    created: rule,
  });
