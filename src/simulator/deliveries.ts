import { setImmediate } from "node:timers/promises";
import { WEBHOOK_HEADERS, signWebhook } from "../webhooks/sign.js";
import type { Clock } from "./clock.js";
import type { Delivery, DeliveryAttempt, DeliveryEvent, SkipReason } from "./delivery-types.js";
import { RETRY_SCHEDULE_MS, isRetried } from "./document.js";
import type { Receivers } from "./receivers.js";
import { newId, type Store, type StoredEndpoint } from "./store.js";

/** Posts a delivery once. */
export type Post = (request: DeliveryRequest) => Promise<Pick<DeliveryAttempt, "status" | "error">>;

export interface DeliveryRequest {
  readonly to: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly closing: AbortSignal;
}

export interface DeliveriesOptions {
  readonly store: Store;
  readonly receivers: Receivers;
  readonly clock: Clock;
  readonly post: Post;
  readonly closing: AbortSignal;
}

/** A delivery while it runs. */
type OpenDelivery = { -readonly [Field in keyof Delivery]: Delivery[Field] } & {
  attempts: DeliveryAttempt[];
};

interface Job {
  readonly delivery: OpenDelivery;
  readonly body: string;
  /** Signs instead of the endpoint's own secret. */
  readonly signWith: string | undefined;
}

const MAX_DELIVERIES = 10_000;

/** Sends events to endpoints, and again as PolyAI does. */
export class Deliveries {
  private readonly deliveries: OpenDelivery[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly attempts = new Set<Promise<void>>();

  constructor(private readonly options: DeliveriesOptions) {}

  /** Sends an event to every endpoint that is enabled and subscribed. */
  async publish(event: DeliveryEvent): Promise<Delivery[]> {
    const one = { ...event, id: event.id ?? newId("evt") };
    const subscribed = this.options.store.endpoints
      .list()
      .filter(({ enabled, event_types }) => enabled && event_types.includes(event.type));
    return Promise.all(subscribed.map(({ id }) => this.send(id, one)));
  }

  /**
   * Sends an event to one endpoint and settles after the first attempt; further attempts go on
   * by themselves.
   *
   * @param signWith a secret that signs instead of the endpoint's own, to show what a receiver
   *   makes of a rotated one
   */
  async send(endpointId: string, event: DeliveryEvent, signWith?: string): Promise<Delivery> {
    const eventId = event.id ?? newId("evt");
    const delivery: OpenDelivery = {
      id: newId("dlv"),
      eventId,
      eventType: event.type,
      endpointId,
      status: "pending",
      reason: null,
      attempts: [],
    };
    this.deliveries.push(delivery);
    if (this.deliveries.length > MAX_DELIVERIES) this.deliveries.shift();
    const created = this.options.clock.now().toISOString();
    const payload = { id: eventId, type: event.type, created_at: created, data: event.data ?? {} };
    const job = { delivery, body: JSON.stringify(payload), signWith };

    await this.attempt(job);
    if (delivery.status === "pending") this.goOn(job);
    return snapshot(delivery);
  }

  list(): Delivery[] {
    return this.deliveries.map(snapshot);
  }

  /** Settles when no attempt is under way or waits. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Settles when no attempt is under way: each delivery is done, or waits for its next. */
  async idle(): Promise<void> {
    do {
      await Promise.all(this.attempts);
      // A wait that has ended begins its attempt before this does.
      await setImmediate();
    } while (this.attempts.size > 0);
  }

  private goOn(job: Job): void {
    const retries = this.retry(job).finally(() => this.running.delete(retries));
    this.running.add(retries);
  }

  private async retry(job: Job): Promise<void> {
    const { clock, closing } = this.options;
    for (const wait of RETRY_SCHEDULE_MS.slice(1)) {
      await clock.wait(wait);
      if (closing.aborted) return;
      await this.attempt(job);
      if (job.delivery.status !== "pending") return;
    }
    job.delivery.status = "failed";
  }

  private async attempt(job: Job): Promise<void> {
    const attempt = this.attemptOnce(job).finally(() => this.attempts.delete(attempt));
    this.attempts.add(attempt);
    await attempt;
  }

  private async attemptOnce(job: Job): Promise<void> {
    const { store, receivers, clock, post, closing } = this.options;
    const { delivery, body } = job;
    const stored = store.endpoints.get(delivery.endpointId);
    const to = stored && receivers.find(stored.url);
    const reason = skipReason(stored, delivery, to);
    if (stored === undefined || to === undefined || reason !== null) {
      delivery.status = "skipped";
      delivery.reason = reason;
      return;
    }
    const at = clock.now();
    const started = performance.now();
    const headers = headersOf(job, stored, at);
    const outcome = await post({ to, headers, body, timeoutMs: stored.timeout_ms, closing });
    const durationMs = Math.round(performance.now() - started);
    delivery.attempts.push({ at: at.toISOString(), ...outcome, durationMs });
    delivery.status = verdict(outcome.status);
  }
}

/** Signed at each attempt with the secret of that moment: a rotation reaches waiting retries. */
function headersOf({ delivery, body, signWith }: Job, stored: StoredEndpoint, at: Date) {
  const timestamp = Math.floor(at.getTime() / 1000);
  const secret = signWith ?? stored.signing_secret;
  const custom = Object.entries(stored.headers).filter(
    ([name]) => !HEADERS_OF_THE_CONNECTION.test(name),
  );
  const own = {
    "Content-Type": "application/json",
    "User-Agent": "PolyAI-Webhooks (simulator)",
    [WEBHOOK_HEADERS.timestamp]: String(timestamp),
    [WEBHOOK_HEADERS.signature]: signWebhook({ secret, timestamp, payload: body }),
    [WEBHOOK_HEADERS.eventId]: delivery.eventId,
  };
  const headers = [...custom, ...Object.entries(own)];
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** An endpoint cannot set these, since they would break HTTP. */
const HEADERS_OF_THE_CONNECTION =
  /^(connection|content-length|expect|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;

function skipReason(
  stored: StoredEndpoint | undefined,
  delivery: Delivery,
  to: URL | undefined,
): SkipReason | null {
  if (stored === undefined) return "endpoint_deleted";
  if (!stored.enabled) return "endpoint_disabled";
  if (!stored.event_types.includes(delivery.eventType)) {
    return "event_type_not_subscribed";
  }
  return to === undefined ? "no_receiver" : null;
}

function verdict(status: number | null): Delivery["status"] {
  if (isRetried(status)) return "pending";
  return status !== null && status >= 200 && status < 300 ? "delivered" : "failed";
}

function snapshot(delivery: Delivery): Delivery {
  return { ...delivery, attempts: [...delivery.attempts] };
}
