import { apiError } from "./errors.js";
import {
  newId,
  newSecret,
  timeAfter,
  type Account,
  type EndpointSettings,
  type EventType,
  type StoredEndpoint,
  type WebhookEndpoint,
} from "./model.js";
import { ACCOUNT_LIMITS } from "./schemas.js";

export interface EndpointFilter {
  readonly enabled?: boolean | undefined;
  readonly eventType?: EventType | undefined;
}

/** @throws ApiError 404 if the account has no such endpoint. */
export function findEndpoint(account: Account, id: string): StoredEndpoint {
  const stored = account.endpoints.get(id);
  if (stored === undefined) throw apiError(404, `Webhook endpoint ${id} not found.`);
  return stored;
}

export function listEndpoints(account: Account, filter: EndpointFilter): WebhookEndpoint[] {
  return [...account.endpoints.values()]
    .map(({ endpoint }) => endpoint)
    .filter(
      ({ enabled, event_types }) =>
        (filter.enabled === undefined || enabled === filter.enabled) &&
        (filter.eventType === undefined || event_types.includes(filter.eventType)),
    );
}

/** @throws ApiError 409 if the account has its ten endpoints. */
export function assertRoomForEndpoint(account: Account): void {
  if (account.endpoints.size >= ACCOUNT_LIMITS.endpoints) {
    throw apiError(
      409,
      `The account already has the maximum of ${ACCOUNT_LIMITS.endpoints} webhook endpoints.`,
    );
  }
}

export function addEndpoint(account: Account, settings: EndpointSettings, now: Date) {
  const time = now.toISOString();
  const stored: StoredEndpoint = {
    endpoint: { id: newId("whe"), ...settings, created_at: time, updated_at: time },
    signingSecret: newSecret(),
    rotations: 0,
  };
  account.endpoints.set(stored.endpoint.id, stored);
  return stored;
}

export function updateEndpoint(
  stored: StoredEndpoint,
  changes: Partial<EndpointSettings>,
  now: Date,
): WebhookEndpoint {
  const { endpoint } = stored;
  stored.endpoint = {
    ...endpoint,
    ...changes,
    updated_at: timeAfter(endpoint.updated_at, now),
  };
  return stored.endpoint;
}

/** The old secret signs nothing from here on. */
export function rotateSecret(stored: StoredEndpoint, now: Date, movesUpdatedAt: boolean): string {
  stored.signingSecret = newSecret();
  stored.rotations += 1;
  if (movesUpdatedAt) updateEndpoint(stored, {}, now);
  return stored.signingSecret;
}
