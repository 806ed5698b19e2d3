import { randomInt } from "node:crypto";
import { schemas } from "./document.js";
import { ApiError } from "./errors.js";
import type { AlertRule, EndpointSettings, EndpointWithSecret, Metric } from "./model.js";

/** An endpoint, and what the API does not show of it. */
export type StoredEndpoint = EndpointWithSecret & {
  /** The number of rotations since the endpoint was created. */
  readonly rotations: number;
};

export type StoredRule = AlertRule & {
  /** `alerts.triggered` was sent and `alerts.resolved` was not yet. */
  readonly firing: boolean;
};

type Stamps = Pick<AlertRule, "id" | "created_at" | "updated_at">;

/** An account's objects of one kind, oldest first. */
export class Collection<T extends Stamps> {
  readonly #items = new Map<string, T>();

  constructor(
    private readonly noun: string,
    private readonly schema: typeof schemas.WebhookEndpoint | typeof schemas.AlertRuleResponse,
    private readonly now: () => Date,
  ) {}

  list(): T[] {
    return [...this.#items.values()];
  }

  get(id: string): T | undefined {
    return this.#items.get(id);
  }

  /** @throws ApiError 404 */
  find(id: string): T {
    const item = this.#items.get(id);
    if (item === undefined) throw new ApiError(404, `The ${this.noun} ${id} was not found.`);
    return item;
  }

  /** @throws ApiError 409 if the account has as many as it may have */
  assertRoom(): void {
    const limit = this.schema["x-account-limit"];
    if (this.#items.size < limit) return;
    throw new ApiError(409, `The account already has the maximum of ${limit} ${this.noun}s.`);
  }

  /** Adds an object, past the limit if need be. */
  add(settings: Omit<T, keyof Stamps>): T {
    const time = this.now().toISOString();
    const { pattern } = this.schema.properties.id;
    const id = newId(pattern.slice(1, pattern.indexOf("_") + 1));
    const item = { ...settings, id, created_at: time, updated_at: time } as T;
    this.#items.set(id, item);
    return item;
  }

  /** Changes an object, and leaves `updated_at`. @throws ApiError 404 */
  set(id: string, changes: Partial<T>): T {
    const item = { ...this.find(id), ...changes };
    this.#items.set(id, item);
    return item;
  }

  /**
   * Changes an object as a caller of the API does: `updated_at` moves, also on two changes within
   * one millisecond.
   *
   * @throws ApiError 404
   */
  change(id: string, changes: Partial<T>): T {
    const next = Math.max(this.now().getTime(), Date.parse(this.find(id).updated_at) + 1);
    return this.set(id, { ...changes, updated_at: new Date(next).toISOString() });
  }

  /** @throws ApiError 404 */
  remove(id: string): undefined {
    this.find(id);
    this.#items.delete(id);
  }
}

/** An alert rule before its first evaluation, or after it was switched off. */
export const NEVER_EVALUATED = {
  current_state: "unknown",
  since: null,
  last_evaluated_at: null,
  current_value: null,
  firing: false,
} as const;

/** The objects of one account, as its API key sees them. */
export class Store {
  readonly endpoints: Collection<StoredEndpoint>;
  readonly rules: Collection<StoredRule>;
  /** Values by {@link metricKey}; `null`: there is no data. */
  readonly metrics = new Map<string, number | null>();

  constructor(now: () => Date) {
    this.endpoints = new Collection("webhook endpoint", schemas.WebhookEndpoint, now);
    this.rules = new Collection("alert rule", schemas.AlertRuleResponse, now);
  }

  addEndpoint(settings: EndpointSettings): StoredEndpoint {
    return this.endpoints.add({ ...settings, signing_secret: newSecret(), rotations: 0 });
  }

  /** Gives the new secret. The one before signs nothing from here on. @throws ApiError 404 */
  rotateSecret(id: string): string {
    const rotations = this.endpoints.find(id).rotations + 1;
    return this.endpoints.set(id, { signing_secret: newSecret(), rotations }).signing_secret;
  }
}

/** A metric belongs to one project, or with `null` to the account as a whole. */
export const metricKey = (metric: Metric, projectId: string | null): string =>
  JSON.stringify([metric, projectId]);

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function base62(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(BASE62.length))).join("");
}

export const newId = (prefix: string): string => `${prefix}${base62(22)}`;

/** 43 base62 characters hold 256 bits. The form of PolyAI's own secrets is not documented. */
const newSecret = (): string => `whsec_${base62(43)}`;
