/**
 * For a receiver of PolyAI's webhooks. Needs no Node: it runs wherever JavaScript does.
 *
 * @packageDocumentation
 */
export type { WebhookPayload } from "./bytes.js";
export type { AlertData, OtherEvent, WebhookEvent } from "./event.js";
export type { FetchHandler, FetchRequest, FetchResponse } from "./fetch-handler.js";
export type { LambdaEvent, LambdaHandler } from "./lambda-handler.js";
export type { NodeHandler, NodeRequest, NodeResponse } from "./node-handler.js";
export { createWebhookReceiver } from "./receiver.js";
export type {
  ReceivedRequest,
  ReceiverRejection,
  WebhookDelivery,
  WebhookReceiver,
  WebhookReceiverOptions,
} from "./receiver.js";
export type { SecretSource, WebhookSecrets } from "./secrets.js";
export { WEBHOOK_HEADERS, signWebhook, signedRequest } from "./sign.js";
export type { SignWebhookOptions, SignedRequest, SignedRequestOptions } from "./sign.js";
export { verifyWebhook } from "./verify.js";
export type {
  VerifyWebhookOptions,
  VerifyWebhookResult,
  WebhookHeaders,
  WebhookRejection,
} from "./verify.js";
