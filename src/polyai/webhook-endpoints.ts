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
  type Read,
  string,
  word,
} from "./shape.js";

export const WEBHOOK_EVENT_TYPES = ["alerts.triggered", "alerts.resolved"] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

const shape = {
  /** `whe_…` */
  id: nonEmptyString,
  /** 1 to 255 characters. */
  name: string,
  /** https only. */
  url: string,
  enabled: boolean,
  eventTypes: listOf(word<WebhookEventType>()),
  /** Sent with each delivery. */
  headers: or(mapOf(string), {}),
  /** The time that a delivery may take: 1,000 to 30,000. */
  timeoutMs: integer,
  /** RFC 3339. */
  createdAt: string,
  /** RFC 3339. */
  updatedAt: string,
};
const endpoint = object(shape);
/** The signing secret is shown this once only. */
const createdEndpoint = object({ ...shape, signingSecret: nonEmptyString });
const rotatedSecret = object({ signingSecret: nonEmptyString });

/** A URL that PolyAI delivers events to. */
export type WebhookEndpoint = Read<typeof endpoint>;

/** `headers`, `timeoutMs` (5,000) and `enabled` (true) have defaults. */
export type CreateWebhookEndpoint = Pick<WebhookEndpoint, "name" | "url" | "eventTypes"> &
  Partial<Pick<WebhookEndpoint, "headers" | "timeoutMs" | "enabled">>;

export interface WebhookEndpointFilter {
  readonly enabled?: boolean;
  readonly eventType?: WebhookEventType;
}

const PATH = "/v1/webhook-endpoints";
const ID = "{endpoint_id}";

/** Every method throws PolyaiError. Updating replaces `headers` as a whole. */
export const webhookEndpoints = (call: Call) => ({
  ...collection<
    WebhookEndpointFilter,
    CreateWebhookEndpoint,
    WebhookEndpoint,
    Read<typeof createdEndpoint>
  >(call, {
    noun: "webhook endpoint",
    path: PATH,
    id: ID,
    item: endpoint,
    created: createdEndpoint,
  }),

  /**
   * Makes a new signing secret and invalidates the one before, at once. If it fails and the error
   * is `ambiguous`, PolyAI may have done so and the new secret is lost: rotating again heals.
   */
  rotateSecret: (id: string) =>
    call({
      name: "rotate the webhook signing secret",
      method: "POST",
      path: `${PATH}/${ID}/rotate-secret`,
      id,
      repeat: "last_wins",
      read: rotatedSecret,
    }),
});
