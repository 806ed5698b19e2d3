import { isUnknown, UNKNOWN, type Unknown } from "../../plugin/cty/value.js";
import type { StoredState } from "../../plugin/framework/resource.js";
import type { PlannedOf } from "../../plugin/schema/values.js";
import { shownOf, versionOf } from "../fingerprint.js";
import { decideRotation, nextRotation, type Rotation, type RotationInputs } from "./decide.js";
import type { Private } from "./private.js";
import { reasonOf } from "./reason.js";
import { plannedStorage } from "./storage.js";
import type { Attributes, State } from "./schema.js";

const SHOWN_LATER = { fingerprint: UNKNOWN, signing_secret_version: UNKNOWN };

/** The planned values of the secret's attributes at creation. */
export function plannedCreation({
  encrypt_to,
  initial_secret,
  initial_secret_wo_version,
  rotate_after_days,
}: PlannedOf<Attributes>) {
  const secret = {
    ...plannedStorage(encrypt_to, null),
    ...SHOWN_LATER,
    next_rotation_at: rotate_after_days === null ? null : UNKNOWN,
  };
  if (initial_secret === null && initial_secret_wo_version === null) {
    return { ...secret, rotation_count: 1, rotated_at: UNKNOWN, rotation_reason: "created" };
  }
  if (isUnknown(initial_secret) || isUnknown(initial_secret_wo_version)) {
    return { ...secret, rotation_count: UNKNOWN, rotated_at: UNKNOWN, rotation_reason: UNKNOWN };
  }
  return {
    ...secret,
    ...(initial_secret !== null &&
      encrypt_to === null && {
        signing_secret: initial_secret,
        ...shownOf(initial_secret),
      }),
    rotation_count: 0,
    rotated_at: null,
    rotation_reason: "adopted",
  };
}

/** The planned values of the secret's attributes at an update. */
export function plannedUpdate(
  prior: State,
  planned: PlannedOf<Attributes>,
  rotation: Rotation,
  known: Private,
  now: number,
) {
  const { kind } = rotation;
  const { encrypt_to, rotate_after_days: days } = planned;
  const next = {
    rotation_reason: reasonOf(rotation, prior, planned, sinceOf(prior, known), now),
    next_rotation_at: days === null ? null : UNKNOWN,
  };
  switch (kind) {
    case "none":
      return secretOf(prior, isUnknown(days) ? null : days, known);
    case "possible":
      return {
        ...next,
        ...plannedStorage(encrypt_to, UNKNOWN),
        ...SHOWN_LATER,
        rotation_count: UNKNOWN,
        rotated_at: UNKNOWN,
      };
    case "certain":
    case "adoption":
      return {
        ...next,
        ...plannedStorage(encrypt_to, prior.signing_secret),
        ...SHOWN_LATER,
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
  now: number,
): Exclude<Rotation["kind"], "possible"> {
  const planned = known.rotation;
  if (planned !== undefined && planned !== "possible") return planned;
  const { kind } = rotationOf(state, plan, known, now);
  return kind === "possible" ? "none" : kind;
}

/** `rotation_reason` after an update, now that everything is known. */
export function reasonNow(
  state: State,
  plan: RotationInputs & { readonly rotation_reason: string | Unknown | null },
  known: Private,
  now: number,
): string | null {
  const rotation = rotationOf(state, plan, known, now);
  const reason = isUnknown(plan.rotation_reason)
    ? reasonOf(rotation, state, plan, sinceOf(state, known), now)
    : plan.rotation_reason;
  return isUnknown(reason) ? null : reason;
}

/** When the age of the secret began, RFC 3339; null if nobody knows. */
const sinceOf = ({ rotated_at }: State, { adoptedAt }: Private): string | null =>
  rotated_at ?? adoptedAt ?? null;

/** @param now milliseconds since 1970 */
export const rotationOf = (
  prior: State,
  planned: RotationInputs,
  known: Private,
  now: number,
): Rotation =>
  decideRotation({
    prior,
    planned,
    unconfirmed: (known.unconfirmed ?? false) || (known.superseded ?? false),
    adopting: known.adopting ?? false,
    since: sinceOf(prior, known),
    now,
  });

/**
 * The secret's attributes if it stays. Only another period changes the time of its next rotation: a
 * state from before that attribute plans nothing.
 */
export const secretOf = (state: State, days: number | null, known: Private) => ({
  signing_secret: state.signing_secret,
  previous_signing_secret: state.previous_signing_secret,
  encrypted_signing_secret: state.encrypted_signing_secret,
  fingerprint: state.fingerprint,
  signing_secret_version: state.signing_secret_version,
  rotation_count: state.rotation_count,
  rotated_at: state.rotated_at,
  rotation_reason: state.rotation_reason,
  next_rotation_at:
    days === state.rotate_after_days
      ? state.next_rotation_at
      : nextRotation(days, sinceOf(state, known)),
});

/**
 * A stored state with the attributes that follow from it: one from before them has none. The age of
 * an adopted secret is in private state, so its time of the next rotation stands.
 */
export function withNewAttributes(stored: StoredState): StoredState {
  const { fingerprint, rotate_after_days: days, rotated_at: since } = stored;
  return {
    ...stored,
    signing_secret_version: typeof fingerprint === "string" ? versionOf(fingerprint) : null,
    ...(typeof days === "number" &&
      typeof since === "string" && { next_rotation_at: nextRotation(days, since) }),
  };
}
