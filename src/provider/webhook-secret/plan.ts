import { isUnknown, UNKNOWN } from "../../plugin/cty/value.js";
import type { PrivateState } from "../../plugin/framework/resource.js";
import type { PlannedOf } from "../../plugin/schema/values.js";
import type { Client } from "../client.js";
import { fingerprintOf } from "../fingerprint.js";
import { decideRotation, type Rotation, type RotationInputs } from "./decide.js";
import { plannedStorage } from "./storage.js";
import type { Attributes, State } from "./schema.js";

/** Private state, kept beside the state. No secret is in it. */
export interface Private extends PrivateState {
  /** Tells one instance from another; see plannedByAnother. */
  readonly instance?: string;
  /** The API's URL when the state was made. */
  readonly origin?: string;
  /** A rotation may have happened whose secret never arrived. */
  readonly unconfirmed?: boolean;
  /** When a known secret was adopted by import, RFC 3339. */
  readonly adoptedAt?: string;
  /** Set between that import and the apply that records the triggers. */
  readonly adopting?: boolean;
  /**
   * The endpoint for which the configured initial secret is dead. It reaches the plan of a
   * replacement, and goes no further: core plans once more during apply, without any private.
   */
  readonly initialSecretDeadFor?: string | undefined;
  /** The plan's decision for the apply that follows. */
  readonly rotation?: Rotation["kind"];
}

/**
 * True if another instance has planned this endpoint's secret before, in this process: two would
 * invalidate each other's secret.
 *
 * Core tells a provider no resource addresses and plans a replaced instance twice, so each instance
 * has an id of its own. The answer is good for a warning only.
 */
export function plannedByAnother(client: Client, endpoint: string, instance: string): boolean {
  const first = client.plannedBy.get(endpoint) ?? instance;
  client.plannedBy.set(endpoint, first);
  return first !== instance;
}

/** The planned values of the secret's attributes at creation. */
export function plannedCreation({
  encrypt_to,
  initial_secret,
  initial_secret_wo_version,
}: PlannedOf<Attributes>) {
  const secret = { ...plannedStorage(encrypt_to, null), fingerprint: UNKNOWN };
  if (initial_secret === null && initial_secret_wo_version === null) {
    return { ...secret, rotation_count: 1, rotated_at: UNKNOWN };
  }
  if (isUnknown(initial_secret) || isUnknown(initial_secret_wo_version)) {
    return { ...secret, rotation_count: UNKNOWN, rotated_at: UNKNOWN };
  }
  return {
    ...secret,
    ...(initial_secret !== null &&
      encrypt_to === null && {
        signing_secret: initial_secret,
        fingerprint: fingerprintOf(initial_secret),
      }),
    rotation_count: 0,
    rotated_at: null,
  };
}

/** The planned values of the secret's attributes at an update. */
export function plannedUpdate(
  prior: State,
  { encrypt_to }: PlannedOf<Attributes>,
  { kind }: Rotation,
) {
  switch (kind) {
    case "none":
      return secretOf(prior);
    case "possible":
      return {
        ...plannedStorage(encrypt_to, UNKNOWN),
        fingerprint: UNKNOWN,
        rotation_count: UNKNOWN,
        rotated_at: UNKNOWN,
      };
    case "certain":
    case "adoption":
      return {
        ...plannedStorage(encrypt_to, prior.signing_secret),
        fingerprint: UNKNOWN,
        rotation_count: countAfter(prior),
        rotated_at: kind === "adoption" ? null : UNKNOWN,
      };
  }
}

export const countAfter = ({ rotation_count }: State): number => (rotation_count ?? 0) + 1;

/**
 * Decides an update, now that everything is known. It does what the plan announced and nothing
 * else, though time has passed since.
 */
export function decided(
  state: State,
  plan: RotationInputs,
  known: Private,
): Exclude<Rotation["kind"], "possible"> {
  const planned = known.rotation;
  if (planned !== undefined && planned !== "possible") return planned;
  const { kind } = rotationOf(state, plan, known);
  return kind === "possible" ? "none" : kind;
}

export const rotationOf = (prior: State, planned: RotationInputs, known: Private): Rotation =>
  decideRotation({
    prior,
    planned,
    unconfirmed: known.unconfirmed ?? false,
    adopting: known.adopting ?? false,
    since: prior.rotated_at ?? known.adoptedAt ?? null,
    now: Date.now(),
  });

export const secretOf = ({
  signing_secret,
  previous_signing_secret,
  encrypted_signing_secret,
  fingerprint,
  rotation_count,
  rotated_at,
}: State) => ({
  signing_secret,
  previous_signing_secret,
  encrypted_signing_secret,
  fingerprint,
  rotation_count,
  rotated_at,
});

/** The private state once the state holds the secret that is valid. */
export const settled = (
  { instance }: Private,
  { origin }: Client,
  adoptedAt?: string,
): Private => ({
  ...(instance === undefined ? {} : { instance }),
  origin,
  ...(adoptedAt === undefined ? {} : { adoptedAt }),
});
