/**
 * For a receiver of PolyAI's webhooks: verifies a delivery's signature. Needs nothing but Node.
 *
 * @packageDocumentation
 */
export { WEBHOOK_HEADERS, signWebhook } from "./sign.js";
export type { SignWebhookOptions, WebhookPayload } from "./sign.js";
export { verifyWebhook } from "./verify.js";
export type {
  VerifyWebhookOptions,
  VerifyWebhookResult,
  WebhookHeaders,
  WebhookRejection,
} from "./verify.js";
