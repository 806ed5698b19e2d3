import type { ApiObject, Settings, Word } from "./api-types.js";
import { collection } from "./collection.js";
import type { Call } from "./operation.js";
import {
  boolean,
  integer,
  listOf,
  mapOf,
  nonEmptyString,
  object,
  or,
  secretText,
  string,
  word,
} from "./shape.js";

/** A URL that PolyAI delivers events to. Times are in RFC 3339. */
export type WebhookEndpoint = ApiObject<"WebhookEndpoint">;
export type CreateWebhookEndpoint = Settings<"CreateWebhookEndpointRequest">;
/** The signing secret is shown this once only. */
type CreatedEndpoint = ApiObject<"WebhookEndpointCreateResponse">;

export interface WebhookEndpointFilter {
  readonly enabled?: boolean;
  readonly eventType?: Word<"WebhookEventType">;
}

const shape = {
  id: nonEmptyString,
  name: string,
  url: string,
  enabled: boolean,
  eventTypes: listOf(word<Word<"WebhookEventType">>()),
  headers: or(mapOf(string), {}),
  timeoutMs: integer,
  createdAt: string,
  updatedAt: string,
};
const endpoint = object<WebhookEndpoint>(shape);
const createdEndpoint = object<CreatedEndpoint>({ ...shape, signingSecret: nonEmptyString });
const rotatedSecret = object<ApiObject<"RotateSigningSecretResponse">>({
  signingSecret: secretText,
});

const PATH = "/v1/webhook-endpoints";
const ID = "endpoint_id";

/** Every method throws PolyaiError. Updating replaces `headers` as a whole. */
export const webhookEndpoints = (call: Call) => ({
  ...collection<WebhookEndpointFilter, CreateWebhookEndpoint, WebhookEndpoint, CreatedEndpoint>(
    call,
    {
      noun: "webhook endpoint",
      path: PATH,
      id: ID,
      item: endpoint,
      created: createdEndpoint,
    },
  ),

  /**
   * Makes a new signing secret and invalidates the one before, at once. If it fails and the error
   * is `ambiguous`, PolyAI may have done so and the new secret is lost: rotating again heals.
   */
  rotateSecret: (id: string) =>
    call({
      name: "rotate the webhook signing secret",
      method: "POST",
      path: `${PATH}/{${ID}}/rotate-secret`,
      id,
      repeat: "last_wins",
      read: rotatedSecret,
    }),
});
