import { randomInt } from "node:crypto";
import type { EVENT_TYPES, METRICS, OPERATORS, RULE_STATES, WINDOW_DURATIONS } from "./schemas.js";

export type EventType = (typeof EVENT_TYPES)[number];
export type Metric = (typeof METRICS)[number];
export type Operator = (typeof OPERATORS)[number];
export type RuleState = (typeof RULE_STATES)[number];
export type WindowDuration = (typeof WINDOW_DURATIONS)[number];

/** The settings of a webhook endpoint that a caller gives. */
export interface EndpointSettings {
  readonly name: string;
  readonly url: string;
  readonly event_types: readonly EventType[];
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that a receiver has to answer. */
  readonly timeout_ms: number;
  readonly enabled: boolean;
}

/** A webhook endpoint as the API shows it. Times are RFC 3339. */
export interface WebhookEndpoint extends EndpointSettings {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The settings of an alert rule that a caller gives. */
export interface RuleSettings {
  readonly name: string;
  readonly project_id: string | null;
  readonly metric: Metric;
  readonly operator: Operator;
  readonly threshold_value: number;
  readonly window_duration: WindowDuration;
  readonly enabled: boolean;
}

/** An alert rule as the API shows it. Times are RFC 3339. */
export interface AlertRule extends RuleSettings {
  readonly id: string;
  readonly current_state: RuleState;
  readonly since: string | null;
  readonly last_evaluated_at: string | null;
  readonly current_value: number | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface StoredEndpoint {
  endpoint: WebhookEndpoint;
  signingSecret: string;
  /** How many times the secret was rotated since the endpoint was created. */
  rotations: number;
}

export interface StoredRule {
  rule: AlertRule;
  /** `alerts.triggered` was sent and `alerts.resolved` was not yet. */
  firing: boolean;
}

/** What one API key sees. */
export interface Account {
  readonly name: string;
  readonly endpoints: Map<string, StoredEndpoint>;
  readonly rules: Map<string, StoredRule>;
  /** Metric values by {@link metricKey}. */
  readonly metrics: Map<string, number>;
}

export function emptyAccount(name: string): Account {
  return { name, endpoints: new Map(), rules: new Map(), metrics: new Map() };
}

/** A metric belongs to one project, or with `null` to the account as a whole. */
export function metricKey(metric: Metric, projectId: string | null): string {
  return JSON.stringify([metric, projectId]);
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function base62(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(BASE62.length))).join("");
}

export const newId = (prefix: "whe" | "ar" | "evt" | "dlv"): string => `${prefix}_${base62(22)}`;

/** 43 base62 characters hold 256 bits. The form of PolyAI's own secrets is not documented. */
export const newSecret = (): string => `whsec_${base62(43)}`;

/** `updated_at` moves on every change, also on two changes within one millisecond. */
export function timeAfter(previous: string, now: Date): string {
  return new Date(Math.max(now.getTime(), Date.parse(previous) + 1)).toISOString();
}
