import type { EventType } from "./model.js";

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
