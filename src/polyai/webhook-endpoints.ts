import type { Call } from "./operation.js";
import {
  boolean,
  dataOf,
  integer,
  listOf,
  mapOf,
  nonEmptyString,
  nothing,
  object,
  or,
  type Read,
  string,
  toWire,
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
  /** How long a delivery may take: 1,000 to 30,000. */
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

/** Where PolyAI delivers events to. */
export type WebhookEndpoint = Read<typeof endpoint>;

/** `headers`, `timeoutMs` (5,000) and `enabled` (true) have defaults. */
export type CreateWebhookEndpoint = Pick<WebhookEndpoint, "name" | "url" | "eventTypes"> &
  Partial<Pick<WebhookEndpoint, "headers" | "timeoutMs" | "enabled">>;

/** Only what it names is changed; `headers` are replaced as a whole. */
export type UpdateWebhookEndpoint = Partial<CreateWebhookEndpoint>;

export interface WebhookEndpointFilter {
  readonly enabled?: boolean;
  readonly eventType?: WebhookEventType;
}

const COLLECTION = "/v1/webhook-endpoints";
const ENDPOINT = `${COLLECTION}/{endpoint_id}`;

/** `/v1/webhook-endpoints`. Every method throws PolyaiError. */
export const webhookEndpoints = (call: Call) => ({
  /** The account's endpoints, 10 at most. */
  list: ({ enabled, eventType }: WebhookEndpointFilter = {}) =>
    call({
      name: "list webhook endpoints",
      method: "GET",
      path: COLLECTION,
      query: { enabled, event_type: eventType },
      repeat: "safe",
      read: dataOf(endpoint),
    }),

  /** Sent again only where the request certainly made no endpoint. */
  create: (settings: CreateWebhookEndpoint) =>
    call({
      name: "create the webhook endpoint",
      method: "POST",
      path: COLLECTION,
      body: toWire(settings),
      repeat: "once",
      read: createdEndpoint,
    }),

  get: (id: string) =>
    call({
      name: "get the webhook endpoint",
      method: "GET",
      path: ENDPOINT,
      id,
      repeat: "safe",
      read: endpoint,
    }),

  update: (id: string, changes: UpdateWebhookEndpoint) =>
    call({
      name: "update the webhook endpoint",
      method: "PATCH",
      path: ENDPOINT,
      id,
      body: toWire(changes),
      repeat: "idempotent",
      read: endpoint,
    }),

  delete: (id: string) =>
    call({
      name: "delete the webhook endpoint",
      method: "DELETE",
      path: ENDPOINT,
      id,
      repeat: "idempotent",
      read: nothing,
      whenGone: () => undefined,
    }),

  /**
   * Makes a new signing secret and invalidates the one before, at once. Where it fails and the
   * error is `ambiguous`, PolyAI may have done so and the new secret is lost: rotating again heals.
   */
  rotateSecret: (id: string) =>
    call({
      name: "rotate the webhook signing secret",
      method: "POST",
      path: `${ENDPOINT}/rotate-secret`,
      id,
      repeat: "last_wins",
      read: rotatedSecret,
    }),
});
