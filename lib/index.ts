/**
 * CDK constructs for PolyAI: `PolyWebhookSecret`, `PolyWebhookEndpoint`, `PolyAlertRule`,
 * `PolyaiProvider`, and the resources of the provider as generated classes, under the names that a
 * prebuilt provider gives them.
 */
export * from "./bindings/index.js";
export type { PolyaiProviderConfig } from "./bindings/provider/index.js";
export { PolyaiProvider, type PolyaiProviderProps } from "./polyai-provider.js";
export { AlertMetric, AlertOperator, AlertWindow, ApiWord, WebhookEventType } from "./api-facts.js";
export { PolyAlertRule, type PolyAlertRuleProps } from "./poly-alert-rule.js";
export { PolyWebhookEndpoint, type PolyWebhookEndpointProps } from "./poly-webhook-endpoint.js";
export { PolyWebhookSecret, type PolyRevealOptions } from "./poly-webhook-secret.js";
export type { PolySecretRotationProps, PolyWebhookSecretProps } from "./secret-props.js";
