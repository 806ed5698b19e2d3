/**
 * CDK constructs for PolyAI: `PolyWebhookSecret`, `PolyaiProvider`, and the resources of the
 * provider as generated classes, under the names that a prebuilt provider gives them.
 */
export * from "./bindings/index.js";
export type { PolyaiProviderConfig } from "./bindings/provider/index.js";
export { PolyaiProvider } from "./polyai-provider.js";
export { PolyWebhookSecret, type PolyWebhookSecretProps } from "./poly-webhook-secret.js";
