import { WORDS } from "../generated/api-facts.js";
import type { components } from "../generated/openapi.js";

/** The alert of a rule. PolyAI documents the types of events alone, so each field may be missing. */
export type AlertData = Partial<components["schemas"]["ActiveAlertResponse"]>;

interface Event<Type extends string, Data> {
  readonly type: Type;
  readonly id?: string;
  /** RFC 3339. */
  readonly created_at?: string;
  readonly data?: Data;
}

/** An event that this version knows, told apart by `type`. */
export type WebhookEvent =
  Event<"alerts.triggered", AlertData> | Event<"alerts.resolved", AlertData>;

/** An event of a type that PolyAI has added since this version. */
export type OtherEvent = Event<string, unknown>;

/** Undefined if the body is no event. */
export function parseEvent(body: Uint8Array): WebhookEvent | OtherEvent | undefined {
  try {
    const event = JSON.parse(new TextDecoder().decode(body)) as Partial<OtherEvent> | null;
    return typeof event?.type === "string" ? event : undefined;
  } catch {
    return undefined;
  }
}

export function isKnown(event: WebhookEvent | OtherEvent): event is WebhookEvent {
  const known: readonly WebhookEvent["type"][] = WORDS.WebhookEventType;
  return known.some((type) => type === event.type);
}
