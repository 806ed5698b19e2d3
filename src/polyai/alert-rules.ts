import type { Call } from "./operation.js";
import {
  boolean,
  dataOf,
  integer,
  nonEmptyString,
  nothing,
  object,
  or,
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

/** A condition on a metric, and its current state. Times are in RFC 3339. */
export interface AlertRule {
  /** `ar_…` */
  readonly id: string;
  readonly name: string;
  /** Null: all of the account's projects. */
  readonly projectId: string | null;
  readonly metric: AlertMetric;
  readonly operator: AlertOperator;
  /** A whole number, 0 or more, in the metric's unit. */
  readonly thresholdValue: number;
  readonly windowDuration: WindowDuration;
  readonly enabled: boolean;
  /** Null where the API leaves it out, as in the fields below. */
  readonly currentState: AlertState | null;
  /** When the current state began. */
  readonly since: string | null;
  readonly lastEvaluatedAt: string | null;
  readonly currentValue: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

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

const rule = object<AlertRule>({
  id: nonEmptyString,
  name: string,
  projectId: or(string, null),
  metric: word<AlertMetric>(),
  operator: word<AlertOperator>(),
  thresholdValue: integer,
  windowDuration: word<WindowDuration>(),
  enabled: boolean,
  currentState: or(word<AlertState>(), null),
  since: or(string, null),
  lastEvaluatedAt: or(string, null),
  currentValue: or(integer, null),
  createdAt: string,
  updatedAt: string,
});

const COLLECTION = "/v1/alert-rules";
const RULE = `${COLLECTION}/{rule_id}`;

/** `/v1/alert-rules`. Every method throws PolyaiError. */
export class AlertRules {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** The account's rules, 10 at most. */
  async list(filter: AlertRuleFilter = {}): Promise<readonly AlertRule[]> {
    return this.#call({
      name: "list alert rules",
      method: "GET",
      path: COLLECTION,
      query: toWire(filter),
      repeat: "safe",
      read: dataOf(rule),
    });
  }

  /** Sent again only where the request certainly made no rule. */
  async create(settings: CreateAlertRule): Promise<AlertRule> {
    return this.#call({
      name: "create the alert rule",
      method: "POST",
      path: COLLECTION,
      body: toWire(settings),
      repeat: "once",
      read: rule,
    });
  }

  async get(id: string): Promise<AlertRule> {
    return this.#call({
      name: "get the alert rule",
      method: "GET",
      path: RULE,
      id,
      repeat: "safe",
      read: rule,
    });
  }

  async update(id: string, changes: UpdateAlertRule): Promise<AlertRule> {
    return this.#call({
      name: "update the alert rule",
      method: "PATCH",
      path: RULE,
      id,
      body: toWire(changes),
      repeat: "idempotent",
      read: rule,
    });
  }

  async delete(id: string): Promise<void> {
    return this.#call({
      name: "delete the alert rule",
      method: "DELETE",
      path: RULE,
      id,
      repeat: "idempotent",
      read: nothing,
      whenGone: () => undefined,
    });
  }
}
