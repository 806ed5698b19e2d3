import { LOOPBACK, RESERVED_HEADER } from "../facts.js";
import { signedRequest } from "../webhooks/sign.js";
import type { Clock } from "./clock.js";
import { WAITS_MS, isRetried } from "./document.js";
import type { EventType, Open } from "./model.js";
import { newId, type Store } from "./store.js";

/** An event to deliver. */
export interface DeliveryEvent {
  readonly type: EventType;
  /** Value of `X-PolyAI-Event-ID`. A new one if not given. */
  readonly id?: string;
  /** The payload's `data`. `{}` if not given. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface DeliveryAttempt {
  /** RFC 3339. */
  readonly at: string;
  /** The receiver's status; null if none came. */
  readonly status: number | null;
  readonly error: "timeout" | "network" | null;
  readonly durationMs: number;
}

/** The deliveries of one event to one endpoint, and how they ended. It never holds a secret, a signature or a header. */
export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: EventType;
  readonly endpointId: string;
  /** Failed: the receiver refused for good, or the last attempt failed. Skipped: see `reason`. */
  readonly status: "pending" | "delivered" | "failed" | "skipped";
  /** Why nothing was sent. `no_receiver`: `deliverTo` does not say where to send it. */
  readonly reason:
    "endpoint_deleted" | "endpoint_disabled" | "event_type_not_subscribed" | "no_receiver" | null;
  readonly attempts: readonly DeliveryAttempt[];
}

/** Posts a delivery once. */
export type Post = (request: {
  readonly to: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}) => Promise<Pick<DeliveryAttempt, "status" | "error">>;

/** Sends events to endpoints, and again as PolyAI does. */
export class Deliveries {
  readonly #deliveries: Open<Delivery>[] = [];
  readonly #routes = new Map<string, URL>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly post: Post,
  ) {}

  /**
   * Says where deliveries really go.
   *
   * @param from an endpoint's URL, its origin, or `*`
   * @throws TypeError if `to` is no http or https URL of this machine
   */
  route(from: string, to: string): void {
    const target = new URL(URL.canParse(to) ? to : "none:");
    if (!/^https?:$/.test(target.protocol) || !LOOPBACK.test(target.hostname)) {
      throw new TypeError(
        `Deliveries can go to http://127.0.0.1, http://[::1] or http://localhost only, not to ${to}`,
      );
    }
    if (from !== "*" && !URL.canParse(from)) throw new TypeError(`${from} is neither a URL nor *`);
    this.#routes.set(from === "*" ? from : new URL(from).href, target);
  }

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
    const delivery: Open<Delivery> = {
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
    return { ...(await this.#attempt(delivery, body, signWith)) };
  }

  list(): Delivery[] {
    return this.#deliveries.map((delivery) => ({ ...delivery }));
  }

  /** Signs with the secret of this moment, unless one is given: a rotation reaches waiting retries. */
  async #attempt(delivery: Open<Delivery>, body: string, signWith?: string): Promise<Delivery> {
    const skip = (reason: Delivery["reason"]): Delivery =>
      Object.assign(delivery, { status: "skipped" as const, reason });
    const stored = this.store.endpoints.get(delivery.endpointId);
    if (stored === undefined) return skip("endpoint_deleted");
    if (!stored.enabled) return skip("endpoint_disabled");
    if (!stored.event_types.includes(delivery.eventType)) return skip("event_type_not_subscribed");
    // The exact URL counts before its origin, and that before `*`.
    const { href, origin } = new URL(stored.url);
    const [to] = [href, `${origin}/`, "*"].flatMap((from) => this.#routes.get(from) ?? []);
    if (to === undefined) return skip("no_receiver");
    const at = this.clock.now();
    const secret = signWith ?? stored.signing_secret;
    const own = Object.entries(stored.headers).filter(([name]) => !RESERVED_HEADER.test(name));
    const headers = {
      ...Object.fromEntries(own),
      "User-Agent": "PolyAI-Webhooks (simulator)",
      ...signedRequest({ secret, body, eventId: delivery.eventId, at }).headers,
    };
    const outcome = await this.post({ to, headers, body, timeoutMs: stored.timeout_ms });
    const durationMs = this.clock.now().getTime() - at.getTime();
    const attempt = { at: at.toISOString(), ...outcome, durationMs };
    delivery.attempts = [...delivery.attempts, attempt];
    const wait = isRetried(outcome.status) ? WAITS_MS[delivery.attempts.length] : undefined;
    if (wait !== undefined) this.clock.after(wait, () => this.#attempt(delivery, body, signWith));
    else delivery.status = String(outcome.status).startsWith("2") ? "delivered" : "failed";
    return delivery;
  }
}
