import type { AlertMetric, AlertOperator, WindowDuration } from "./alert-rules.js";
import type { Call } from "./operation.js";
import { dataOf, integer, nonEmptyString, object, or, string, toWire, word } from "./shape.js";

/** An alert rule that fires now. Times are in RFC 3339. */
export interface ActiveAlert {
  /** `ar_…` */
  readonly alertRuleId: string;
  readonly name: string;
  readonly projectId: string | null;
  readonly metric: AlertMetric;
  readonly operator: AlertOperator;
  readonly thresholdValue: number;
  readonly windowDuration: WindowDuration;
  /** When it began to fire. */
  readonly since: string;
  readonly lastEvaluatedAt: string | null;
  readonly currentValue: number | null;
}

export interface ActiveAlertFilter {
  readonly projectId?: string;
  readonly metric?: AlertMetric;
}

const alert = object<ActiveAlert>({
  alertRuleId: nonEmptyString,
  name: string,
  projectId: or(string, null),
  metric: word<AlertMetric>(),
  operator: word<AlertOperator>(),
  thresholdValue: integer,
  windowDuration: word<WindowDuration>(),
  since: string,
  lastEvaluatedAt: or(string, null),
  currentValue: or(integer, null),
});

/** `/v1/alerts`. */
export class Alerts {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** The rules in state `alert`. @throws PolyaiError */
  async list(filter: ActiveAlertFilter = {}): Promise<readonly ActiveAlert[]> {
    return this.#call({
      name: "list active alerts",
      method: "GET",
      path: "/v1/alerts",
      query: toWire(filter),
      repeat: "safe",
      read: dataOf(alert),
    });
  }
}
