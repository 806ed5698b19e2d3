import type { Call } from "./operation.js";
import {
  boolean,
  dataOf,
  integer,
  nonEmptyString,
  nothing,
  object,
  or,
  type Read,
  string,
  toWire,
  word,
} from "./shape.js";

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
/** How long the condition is looked at. */
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

/** Only what it names is changed. */
export type UpdateAlertRule = Partial<CreateAlertRule>;

export interface AlertRuleFilter {
  readonly enabled?: boolean;
  readonly metric?: AlertMetric;
  readonly projectId?: string;
  readonly state?: AlertState;
}

const COLLECTION = "/v1/alert-rules";
const RULE = `${COLLECTION}/{rule_id}`;

/** `/v1/alert-rules`. Every method throws PolyaiError. */
export const alertRules = (call: Call) => ({
  /** The account's rules, 10 at most. */
  list: (filter: AlertRuleFilter = {}) =>
    call({
      name: "list alert rules",
      method: "GET",
      path: COLLECTION,
      query: toWire(filter),
      repeat: "safe",
      read: dataOf(rule),
    }),

  /** Sent again only where the request certainly made no rule. */
  create: (settings: CreateAlertRule) =>
    call({
      name: "create the alert rule",
      method: "POST",
      path: COLLECTION,
      body: toWire(settings),
      repeat: "once",
      read: rule,
    }),

  get: (id: string) =>
    call({
      name: "get the alert rule",
      method: "GET",
      path: RULE,
      id,
      repeat: "safe",
      read: rule,
    }),

  update: (id: string, changes: UpdateAlertRule) =>
    call({
      name: "update the alert rule",
      method: "PATCH",
      path: RULE,
      id,
      body: toWire(changes),
      repeat: "idempotent",
      read: rule,
    }),

  delete: (id: string) =>
    call({
      name: "delete the alert rule",
      method: "DELETE",
      path: RULE,
      id,
      repeat: "idempotent",
      read: nothing,
      whenGone: () => undefined,
    }),
});
