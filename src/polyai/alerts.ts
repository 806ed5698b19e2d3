import { condition } from "./alert-rules.js";
import type { ApiObject, Word } from "./api-types.js";
import type { Call } from "./operation.js";
import { dataOf, nonEmptyString, object, string, toWire } from "./shape.js";

/** An alert rule that fires now, and since when. Times are in RFC 3339. */
export type ActiveAlert = ApiObject<"ActiveAlertResponse">;

const alert = object<ActiveAlert>({ ...condition, alertRuleId: nonEmptyString, since: string });

export interface ActiveAlertFilter {
  readonly projectId?: string;
  readonly metric?: Word<"AlertMetric">;
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
