import { WEBHOOK_HEADERS, signWebhook } from "../webhooks/sign.js";
import { post } from "./delivery-request.js";
import type { Delivery, DeliveryAttempt, DeliveryEvent, SkipReason } from "./delivery-types.js";
import { newId, type Account, type StoredEndpoint } from "./model.js";
import { pause } from "./pause.js";
import type { Receivers } from "./receivers.js";

/** PolyAI's waits before each attempt, in milliseconds: 0, 1 min, 5 min, 15 min, 1 h, 4 h. */
export const RETRY_SCHEDULE_MS: readonly number[] = [0, 1, 5, 15, 60, 240].map(
  (minutes) => minutes * 60_000,
);

export interface DeliveriesOptions {
  readonly receivers: Receivers;
  readonly retryTimeScale: number;
  readonly closing: AbortSignal;
  now(): Date;
}

/** A delivery while it runs. */
type OpenDelivery = { -readonly [Field in keyof Delivery]: Delivery[Field] } & {
  attempts: DeliveryAttempt[];
};

interface Job {
  readonly delivery: OpenDelivery;
  readonly account: Account;
  readonly body: string;
  /** Signs instead of the endpoint's own secret. */
  readonly signWith: string | undefined;
}

const MAX_DELIVERIES = 10_000;

/** Sends events to endpoints, and again as PolyAI does. */
export class Deliveries {
  private readonly deliveries: OpenDelivery[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: DeliveriesOptions) {}

  /** Sends an event to every endpoint that is enabled and subscribed. */
  async publish(account: Account, event: DeliveryEvent): Promise<Delivery[]> {
    const one = { ...event, id: event.id ?? newId("evt") };
    const subscribed = [...account.endpoints.values()].filter(
      ({ endpoint }) => endpoint.enabled && endpoint.event_types.includes(event.type),
    );
    return Promise.all(subscribed.map(({ endpoint }) => this.send(account, endpoint.id, one)));
  }

  /**
   * Sends an event to one endpoint and settles after the first attempt; further attempts go on
   * by themselves.
   *
   * @param signWith a secret that signs instead of the endpoint's own, to show what a receiver
   *   makes of a rotated one
   */
  async send(
    account: Account,
    endpointId: string,
    event: DeliveryEvent,
    signWith?: string,
  ): Promise<Delivery> {
    const eventId = event.id ?? newId("evt");
    const delivery: OpenDelivery = {
      id: newId("dlv"),
      eventId,
      eventType: event.type,
      endpointId,
      account: account.name,
      status: "pending",
      reason: null,
      attempts: [],
    };
    this.deliveries.push(delivery);
    if (this.deliveries.length > MAX_DELIVERIES) this.deliveries.shift();
    const created = this.options.now().toISOString();
    const payload = { id: eventId, type: event.type, created_at: created, data: event.data ?? {} };
    const job = { delivery, account, body: JSON.stringify(payload), signWith };

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

  private goOn(job: Job): void {
    const retries = this.retry(job).finally(() => this.running.delete(retries));
    this.running.add(retries);
  }

  private async retry(job: Job): Promise<void> {
    for (const wait of RETRY_SCHEDULE_MS.slice(1)) {
      await pause(wait * this.options.retryTimeScale, this.options.closing);
      if (this.options.closing.aborted) return;
      await this.attempt(job);
      if (job.delivery.status !== "pending") return;
    }
    job.delivery.status = "failed";
  }

  private async attempt(job: Job): Promise<void> {
    const { delivery, account, body } = job;
    const stored = account.endpoints.get(delivery.endpointId);
    const to = stored && this.options.receivers.find(stored.endpoint.url);
    const reason = skipReason(stored, delivery, to);
    if (stored === undefined || to === undefined || reason !== null) {
      delivery.status = "skipped";
      delivery.reason = reason;
      return;
    }
    const at = this.options.now();
    const started = performance.now();
    const headers = this.headers(job, stored, at);
    const { timeout_ms: timeoutMs } = stored.endpoint;
    const outcome = await post({ to, headers, body, timeoutMs, closing: this.options.closing });
    const durationMs = Math.round(performance.now() - started);
    delivery.attempts.push({ at: at.toISOString(), ...outcome, durationMs });
    delivery.status = verdict(outcome.status);
  }

  /** Signed at each attempt with the secret of that moment: a rotation reaches waiting retries. */
  private headers({ delivery, body, signWith }: Job, stored: StoredEndpoint, at: Date) {
    const timestamp = Math.floor(at.getTime() / 1000);
    const secret = signWith ?? stored.signingSecret;
    const own = {
      "Content-Type": "application/json",
      "User-Agent": "PolyAI-Webhooks (simulator)",
      [WEBHOOK_HEADERS.timestamp]: String(timestamp),
      [WEBHOOK_HEADERS.signature]: signWebhook({ secret, timestamp, payload: body }),
      [WEBHOOK_HEADERS.eventId]: delivery.eventId,
    };
    return { ...customHeaders(stored, Object.keys(own)), ...own };
  }
}

const HEADERS_OF_THE_CONNECTION = [
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** An endpoint's own headers, except where they would replace the signature or break HTTP. */
function customHeaders({ endpoint }: StoredEndpoint, reserved: readonly string[]) {
  const kept = new Set(
    reserved.map((name) => name.toLowerCase()).concat(HEADERS_OF_THE_CONNECTION),
  );
  return Object.fromEntries(
    Object.entries(endpoint.headers).filter(([name]) => !kept.has(name.toLowerCase())),
  );
}

function skipReason(
  stored: StoredEndpoint | undefined,
  delivery: Delivery,
  to: URL | undefined,
): SkipReason | null {
  if (stored === undefined) return "endpoint_deleted";
  if (!stored.endpoint.enabled) return "endpoint_disabled";
  if (!stored.endpoint.event_types.includes(delivery.eventType)) {
    return "event_type_not_subscribed";
  }
  return to === undefined ? "no_receiver" : null;
}

/** 408, 429, 5xx and no answer at all are tried again; nothing else is. */
function verdict(status: number | null): Delivery["status"] {
  if (status === null || status === 408 || status === 429 || status >= 500) return "pending";
  return status >= 200 && status < 300 ? "delivered" : "failed";
}

function snapshot(delivery: Delivery): Delivery {
  return { ...delivery, attempts: [...delivery.attempts] };
}
