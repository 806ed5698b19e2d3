import { isUnknown, UNKNOWN } from "../../plugin/cty/value.js";
import type { PlannedOf } from "../../plugin/schema/values.js";
import { fingerprintOf } from "../fingerprint.js";
import { decideRotation, type Rotation, type RotationInputs } from "./decide.js";
import type { Private } from "./private.js";
import { plannedStorage } from "./storage.js";
import type { Attributes, State } from "./schema.js";

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
  now: number,
): Exclude<Rotation["kind"], "possible"> {
  const planned = known.rotation;
  if (planned !== undefined && planned !== "possible") return planned;
  const { kind } = rotationOf(state, plan, known, now);
  return kind === "possible" ? "none" : kind;
}

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
    since: prior.rotated_at ?? known.adoptedAt ?? null,
    now,
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
