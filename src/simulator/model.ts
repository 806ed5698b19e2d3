import type { Schemas } from "./document.js";

/** A record that grows while its call or delivery runs. */
export type Open<Entry> = { -readonly [Field in keyof Entry]: Entry[Field] };

export type EventType = Schemas["WebhookEventType"];
export type Metric = Schemas["AlertMetric"];
export type Operator = Schemas["AlertOperator"];
export type RuleState = Schemas["AlertState"];

/** The settings of a webhook endpoint that a caller gives, defaults included. */
export type EndpointSettings = Schemas["CreateWebhookEndpointRequest"];

/** A webhook endpoint as the API shows it. */
export type WebhookEndpoint = Schemas["WebhookEndpoint"];

/** An endpoint as creation answers it. */
export type EndpointWithSecret = Schemas["WebhookEndpointCreateResponse"];

/** The settings of an alert rule that a caller gives, defaults included. */
export type RuleSettings = Schemas["AlertRuleCreateRequest"];

/** An alert rule as the API shows it, with every field. */
export type AlertRule = Required<Schemas["AlertRuleResponse"]>;

export type ActiveAlert = Schemas["ActiveAlertResponse"];
