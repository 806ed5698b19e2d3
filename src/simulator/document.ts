import document from "../../api/openapi.json";
import type { components, operations } from "../generated/openapi.js";

export type Schemas = components["schemas"];
/** The document's `operationId`s. */
export type OperationId = keyof operations;

export const OPERATION_IDS = Object.values(document.paths).flatMap((methods) =>
  Object.values<{ operationId: string }>(methods).map(({ operationId }) => operationId),
) as readonly OperationId[];

const { schemas } = document.components;
export const EVENT_TYPES = schemas.WebhookEventType.enum as readonly Schemas["WebhookEventType"][];
export const METRICS = schemas.AlertMetric.enum as readonly Schemas["AlertMetric"][];
export const OPERATORS = schemas.AlertOperator.enum as readonly Schemas["AlertOperator"][];
export const RULE_STATES = schemas.AlertState.enum as readonly Schemas["AlertState"][];
export const WINDOW_DURATIONS = schemas.WindowDuration.enum as readonly Schemas["WindowDuration"][];

/** The limits of an account, by kind of object. */
export const ACCOUNT_LIMITS = {
  endpoints: schemas.WebhookEndpoint["x-account-limit"],
  rules: schemas.AlertRuleResponse["x-account-limit"],
};

/** PolyAI's waits before each attempt of a delivery, in milliseconds. */
export const RETRY_SCHEDULE_MS: readonly number[] = document["x-deliveries"].wait_minutes.map(
  (minutes) => minutes * 60_000,
);

/** True if PolyAI sends a delivery again that got this status; null: it got none. */
export const isRetried = (status: number | null): boolean =>
  status === null ||
  document["x-deliveries"].retried_statuses.some((form) =>
    new RegExp(`^${form.replaceAll("X", "\\d")}$`).test(String(status)),
  );
