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
  string,
  toWire,
  word,
} from "./shape.js";

export const WEBHOOK_EVENT_TYPES = ["alerts.triggered", "alerts.resolved"] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Where PolyAI delivers events to. */
export interface WebhookEndpoint {
  /** `whe_…` */
  readonly id: string;
  /** 1 to 255 characters. */
  readonly name: string;
  /** https only. */
  readonly url: string;
  readonly enabled: boolean;
  readonly eventTypes: readonly WebhookEventType[];
  /** Sent with each delivery. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long a delivery may take: 1,000 to 30,000. */
  readonly timeoutMs: number;
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339. */
  readonly updatedAt: string;
}

export interface CreatedWebhookEndpoint extends WebhookEndpoint {
  /** Shown this once only. */
  readonly signingSecret: string;
}

/** `headers`, `timeoutMs` (5,000) and `enabled` (true) have defaults. */
export type CreateWebhookEndpoint = Pick<WebhookEndpoint, "name" | "url" | "eventTypes"> &
  Partial<Pick<WebhookEndpoint, "headers" | "timeoutMs" | "enabled">>;

/** Only what it names is changed; `headers` are replaced as a whole. */
export type UpdateWebhookEndpoint = Partial<CreateWebhookEndpoint>;

export interface WebhookEndpointFilter {
  readonly enabled?: boolean;
  readonly eventType?: WebhookEventType;
}

const shape = {
  id: nonEmptyString,
  name: string,
  url: string,
  enabled: boolean,
  eventTypes: listOf(word<WebhookEventType>()),
  headers: or(mapOf(string), {}),
  timeoutMs: integer,
  createdAt: string,
  updatedAt: string,
};
const endpoint = object<WebhookEndpoint>(shape);
const createdEndpoint = object<CreatedWebhookEndpoint>({ ...shape, signingSecret: nonEmptyString });
const rotatedSecret = object<{ readonly signingSecret: string }>({ signingSecret: nonEmptyString });

const COLLECTION = "/v1/webhook-endpoints";
const ENDPOINT = `${COLLECTION}/{endpoint_id}`;

/** `/v1/webhook-endpoints`. Every method throws PolyaiError. */
export class WebhookEndpoints {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** The account's endpoints, 10 at most. */
  async list({ enabled, eventType }: WebhookEndpointFilter = {}): Promise<
    readonly WebhookEndpoint[]
  > {
    return this.#call({
      name: "list webhook endpoints",
      method: "GET",
      path: COLLECTION,
      query: { enabled, event_type: eventType },
      repeat: "safe",
      read: dataOf(endpoint),
    });
  }

  /** Sent again only where the request certainly made no endpoint. */
  async create(settings: CreateWebhookEndpoint): Promise<CreatedWebhookEndpoint> {
    return this.#call({
      name: "create the webhook endpoint",
      method: "POST",
      path: COLLECTION,
      body: toWire(settings),
      repeat: "once",
      read: createdEndpoint,
    });
  }

  async get(id: string): Promise<WebhookEndpoint> {
    return this.#call({
      name: "get the webhook endpoint",
      method: "GET",
      path: ENDPOINT,
      id,
      repeat: "safe",
      read: endpoint,
    });
  }

  async update(id: string, changes: UpdateWebhookEndpoint): Promise<WebhookEndpoint> {
    return this.#call({
      name: "update the webhook endpoint",
      method: "PATCH",
      path: ENDPOINT,
      id,
      body: toWire(changes),
      repeat: "idempotent",
      read: endpoint,
    });
  }

  async delete(id: string): Promise<void> {
    return this.#call({
      name: "delete the webhook endpoint",
      method: "DELETE",
      path: ENDPOINT,
      id,
      repeat: "idempotent",
      read: nothing,
      whenGone: () => undefined,
    });
  }

  /**
   * Makes a new signing secret and invalidates the one before, at once. Where it fails and the
   * error is `ambiguous`, PolyAI may have done so and the new secret is lost: rotating again heals.
   */
  async rotateSecret(id: string): Promise<{ readonly signingSecret: string }> {
    return this.#call({
      name: "rotate the webhook signing secret",
      method: "POST",
      path: `${ENDPOINT}/rotate-secret`,
      id,
      repeat: "last_wins",
      read: rotatedSecret,
    });
  }
}
