import { collection } from "./collection.js";
import type { Call } from "./operation.js";
import { boolean, integer, nonEmptyString, object, or, type Read, string, word } from "./shape.js";

export const ALERT_METRICS = [
  "turn_latency_p50",
  "turn_latency_p95",
  "api_errors",
  "function_errors",
  "call_crashes",
  "call_volume",
] as const;
export type AlertMetric = (typeof ALERT_METRICS)[number];

export const ALERT_OPERATORS = [">", "<", ">=", "<="] as const;
export type AlertOperator = (typeof ALERT_OPERATORS)[number];

export const ALERT_STATES = ["ok", "alert", "no_data", "unknown"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

export const WINDOW_DURATIONS = ["5m", "10m", "60m"] as const;
/** The length of time over which the condition is evaluated. */
export type WindowDuration = (typeof WINDOW_DURATIONS)[number];

const rule = object({
  /** `ar_…` */
  id: nonEmptyString,
  name: string,
  /** Null: all of the account's projects. */
  projectId: or(string, null),
  metric: word<AlertMetric>(),
  operator: word<AlertOperator>(),
  /** A whole number, 0 or more, in the metric's unit. */
  thresholdValue: integer,
  windowDuration: word<WindowDuration>(),
  enabled: boolean,
  /** Null where the API leaves it out, as in the fields below. */
  currentState: or(word<AlertState>(), null),
  /** When the current state began. */
  since: or(string, null),
  lastEvaluatedAt: or(string, null),
  currentValue: or(integer, null),
  createdAt: string,
  updatedAt: string,
});

/** A condition on a metric, and its current state. Times are in RFC 3339. */
export type AlertRule = Read<typeof rule>;

/** `projectId` (null) and `enabled` (true) have defaults. */
export type CreateAlertRule = Pick<
  AlertRule,
  "name" | "metric" | "operator" | "thresholdValue" | "windowDuration"
> &
  Partial<Pick<AlertRule, "projectId" | "enabled">>;

export interface AlertRuleFilter {
  readonly enabled?: boolean;
  readonly metric?: AlertMetric;
  readonly projectId?: string;
  readonly state?: AlertState;
}

export const alertRules = (call: Call) =>
  collection<AlertRuleFilter, CreateAlertRule, AlertRule, AlertRule>(call, {
    noun: "alert rule",
    path: "/v1/alert-rules",
    id: "{rule_id}",
    item: rule,
    created: rule,
  });
