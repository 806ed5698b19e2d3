import { RESERVED_HEADER } from "../facts.js";
import { WEBHOOK_HEADERS, signWebhook } from "../webhooks/sign.js";
import type { Clock } from "./clock.js";
import type { Delivery, DeliveryAttempt, DeliveryEvent } from "./delivery-types.js";
import { WAITS_MS, isRetried } from "./document.js";
import type { Receivers } from "./receivers.js";
import { newId, type Store, type StoredEndpoint } from "./store.js";

/** Posts a delivery once. */
export type Post = (request: {
  readonly to: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}) => Promise<Pick<DeliveryAttempt, "status" | "error">>;

/** A delivery while it runs. */
type OpenDelivery = { -readonly [Field in keyof Delivery]: Delivery[Field] } & {
  readonly attempts: DeliveryAttempt[];
};

interface Job {
  readonly delivery: OpenDelivery;
  readonly body: string;
  /** Signs instead of the endpoint's own secret. */
  readonly signWith: string | undefined;
}

/** Sends events to endpoints, and again as PolyAI does. */
export class Deliveries {
  readonly #deliveries: OpenDelivery[] = [];

  constructor(
    private readonly store: Store,
    private readonly receivers: Receivers,
    private readonly clock: Clock,
    private readonly post: Post,
  ) {}

  /** Sends an event to every endpoint that is enabled and subscribed. */
  async publish(event: DeliveryEvent): Promise<Delivery[]> {
    const one = { ...event, id: event.id ?? newId("evt_") };
    const subscribed = this.store.endpoints
      .list()
      .filter(({ enabled, event_types }) => enabled && event_types.includes(event.type));
    return Promise.all(subscribed.map(({ id }) => this.send(id, one)));
  }

  /** Sends an event to one endpoint and settles after the first attempt. The clock has the others. */
  async send(
    endpointId: string,
    { type, id: eventId = newId("evt_"), data = {} }: DeliveryEvent,
    signWith?: string,
  ): Promise<Delivery> {
    const delivery: OpenDelivery = {
      id: newId("dlv_"),
      eventId,
      eventType: type,
      endpointId,
      status: "pending",
      reason: null,
      attempts: [],
    };
    this.#deliveries.push(delivery);
    const created_at = this.clock.now().toISOString();
    const body = JSON.stringify({ id: eventId, type, created_at, data });
    await this.#attempt({ delivery, body, signWith });
    return snapshot(delivery);
  }

  list(): Delivery[] {
    return this.#deliveries.map(snapshot);
  }

  async #attempt(job: Job): Promise<void> {
    const { delivery, body } = job;
    const stored = this.store.endpoints.get(delivery.endpointId);
    const to = stored && this.receivers.find(stored.url);
    const reason = skipReason(stored, delivery, to);
    if (stored === undefined || to === undefined || reason !== null) {
      delivery.status = "skipped";
      delivery.reason = reason;
      return;
    }
    const at = this.clock.now();
    const headers = headersOf(job, stored, at);
    const outcome = await this.post({ to, headers, body, timeoutMs: stored.timeout_ms });
    const durationMs = this.clock.now().getTime() - at.getTime();
    delivery.attempts.push({ at: at.toISOString(), ...outcome, durationMs });
    if (!isRetried(outcome.status)) {
      delivery.status = String(outcome.status).startsWith("2") ? "delivered" : "failed";
      return;
    }
    const wait = WAITS_MS[delivery.attempts.length];
    if (wait === undefined) delivery.status = "failed";
    else this.clock.after(wait, () => this.#attempt(job));
  }
}

function skipReason(
  stored: StoredEndpoint | undefined,
  { eventType }: Delivery,
  to: URL | undefined,
): Delivery["reason"] {
  if (stored === undefined) return "endpoint_deleted";
  if (!stored.enabled) return "endpoint_disabled";
  if (!stored.event_types.includes(eventType)) return "event_type_not_subscribed";
  return to === undefined ? "no_receiver" : null;
}

/** Signed at each attempt with the secret of that moment: a rotation reaches waiting retries. */
function headersOf({ delivery, body, signWith }: Job, stored: StoredEndpoint, at: Date) {
  const timestamp = Math.floor(at.getTime() / 1000);
  const secret = signWith ?? stored.signing_secret;
  const own = {
    "Content-Type": "application/json",
    "User-Agent": "PolyAI-Webhooks (simulator)",
    [WEBHOOK_HEADERS.timestamp]: String(timestamp),
    [WEBHOOK_HEADERS.signature]: signWebhook({ secret, timestamp, payload: body }),
    [WEBHOOK_HEADERS.eventId]: delivery.eventId,
  };
  const theirs = Object.entries(stored.headers).filter(([name]) => !RESERVED_HEADER.test(name));
  return Object.fromEntries(
    [...theirs, ...Object.entries(own)].map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function snapshot(delivery: Delivery): Delivery {
  return { ...delivery, attempts: [...delivery.attempts] };
}
