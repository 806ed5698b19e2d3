import type { AlertMetric, AlertOperator, WindowDuration } from "./alert-rules.js";
import type { Call } from "./operation.js";
import {
  dataOf,
  integer,
  nonEmptyString,
  object,
  or,
  type Read,
  string,
  toWire,
  word,
} from "./shape.js";

const alert = object({
  /** `ar_…` */
  alertRuleId: nonEmptyString,
  name: string,
  projectId: or(string, null),
  metric: word<AlertMetric>(),
  operator: word<AlertOperator>(),
  thresholdValue: integer,
  windowDuration: word<WindowDuration>(),
  /** When it began to fire. */
  since: string,
  lastEvaluatedAt: or(string, null),
  currentValue: or(integer, null),
});

/** An alert rule that fires now. Times are in RFC 3339. */
export type ActiveAlert = Read<typeof alert>;

export interface ActiveAlertFilter {
  readonly projectId?: string;
  readonly metric?: AlertMetric;
}

/** `/v1/alerts`. */
export const alerts = (call: Call) => ({
  /** The rules in state `alert`. @throws PolyaiError */
  list: (filter: ActiveAlertFilter = {}) =>
    call({
      name: "list active alerts",
      method: "GET",
      path: "/v1/alerts",
      query: toWire(filter),
      repeat: "safe",
      read: dataOf(alert),
    }),
});
