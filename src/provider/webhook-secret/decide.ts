import { isUnknown, type Unknown } from "../../plugin/cty/value.js";

type Triggers = ReadonlyMap<string, string | Unknown | null> | null;

/** The attributes that decide whether a secret rotates. */
export interface RotationInputs {
  readonly rotation_trigger: string | Unknown | null;
  readonly rotation_triggers: Triggers | Unknown;
  readonly rotate_after_days: number | Unknown | null;
  readonly encrypt_to: readonly (string | Unknown)[] | Unknown | null;
  readonly initial_secret_wo_version: number | Unknown | null;
}

export type RotationReason =
  /** No secret is known: the resource was imported without one. */
  | "secret not known"
  /** The secret may have changed, or has, without the new one reaching the state. */
  | "rotation not confirmed"
  | "trigger changed"
  /** Others than before are to be able to read the secret. */
  | "recipients changed"
  | "rotation due";

export type Rotation =
  | { readonly kind: "none" }
  /** Instead of rotating, the secret in initial_secret_wo is taken as the valid one. */
  | { readonly kind: "adoption" }
  /** An unknown value decides it during apply. */
  | { readonly kind: "possible" }
  | { readonly kind: "certain"; readonly reason: RotationReason };

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Decides if an update rotates.
 *
 * @param since when the current secret's age began, RFC 3339; null if nobody knows
 * @param now milliseconds since 1970
 */
export function decideRotation(request: {
  readonly prior: RotationInputs & { readonly fingerprint: string | null };
  readonly planned: RotationInputs;
  readonly unconfirmed: boolean;
  /** The secret was adopted by import, and its triggers are about to be recorded. */
  readonly adopting: boolean;
  readonly since: string | null;
  readonly now: number;
}): Rotation {
  const { prior, planned, unconfirmed, adopting, since, now } = request;
  const version = compareVersion(
    prior.initial_secret_wo_version,
    planned.initial_secret_wo_version,
  );
  if (version === "changed") return { kind: "adoption" };
  if (version === "unknown") return { kind: "possible" };
  if (unconfirmed) return { kind: "certain", reason: "rotation not confirmed" };
  // The fingerprint tells, since the state does not hold an encrypted secret.
  if (prior.fingerprint === null) return { kind: "certain", reason: "secret not known" };

  const triggers = adopting ? "same" : compareTriggers(prior, planned);
  if (triggers === "changed") return { kind: "certain", reason: "trigger changed" };
  const recipients = compareRecipients(prior.encrypt_to, planned.encrypt_to);
  if (recipients === "changed") return { kind: "certain", reason: "recipients changed" };

  const days = planned.rotate_after_days;
  if (isUnknown(days)) return { kind: "possible" };
  if (isDue(days, since, now)) return { kind: "certain", reason: "rotation due" };
  return strongest(triggers, recipients) === "unknown" ? { kind: "possible" } : { kind: "none" };
}

/**
 * True if a rotation is due. It is a little early, since `rotated_at` is some seconds after its run
 * began: a schedule with the same period as `rotate_after_days` would rotate every second time.
 */
function isDue(days: number | null, since: string | null, now: number): boolean {
  if (days === null || since === null) return false;
  return ageOf(since, now) === undefined || now >= dueAt(days, since);
}

/** Milliseconds since 1970; NaN if the time is unreadable. */
const dueAt = (days: number, since: string): number =>
  Date.parse(since) + days * DAY_MS - marginOf(days);

/** The time from which on a plan proposes a rotation, RFC 3339; null if there is none. */
export function nextRotation(days: number | null, since: string | null): string | null {
  if (days === null || since === null) return null;
  const due = new Date(dueAt(days, since));
  return Number.isNaN(due.getTime()) ? null : due.toISOString();
}

/** Milliseconds; undefined if the time is unreadable, or in the future by more than clocks differ. */
export function ageOf(since: string, now: number): number | undefined {
  const age = now - Date.parse(since);
  return Number.isNaN(age) || age < -HOUR_MS ? undefined : age;
}

/** 5 % of the period: at least an hour, at most a day. */
const marginOf = (days: number): number =>
  Math.min(DAY_MS, Math.max(HOUR_MS, Math.round(0.05 * days * DAY_MS)));

type Comparison = "same" | "unknown" | "changed";

const strongest = (a: Comparison, b: Comparison): Comparison =>
  a === "changed" || b === "changed"
    ? "changed"
    : a === "unknown" || b === "unknown"
      ? "unknown"
      : "same";

export function compareTrigger(
  prior: string | Unknown | null,
  planned: string | Unknown | null,
): Comparison {
  if (isUnknown(planned)) return "unknown";
  return prior === planned ? "same" : "changed";
}

export const compareTriggers = (prior: RotationInputs, planned: RotationInputs): Comparison =>
  strongest(
    // No trigger and an empty one, as a variable often has it, are the same reason: none.
    compareTrigger(prior.rotation_trigger || null, planned.rotation_trigger || null),
    compareMaps(prior.rotation_triggers, planned.rotation_triggers),
  );

function compareMaps(
  prior: RotationInputs["rotation_triggers"],
  planned: RotationInputs["rotation_triggers"],
): Comparison {
  if (isUnknown(planned) || isUnknown(prior)) return "unknown";
  // One known difference decides, whatever the unknown elements turn out to be.
  return [...compareElements(prior, planned).values()].reduce(strongest, "same");
}

/** By key. No triggers and an empty map of them are the same; so are no element and one of null. */
export function compareElements(
  prior: Triggers,
  planned: Triggers,
): ReadonlyMap<string, Comparison> {
  const keys = [...new Set([...(prior?.keys() ?? []), ...(planned?.keys() ?? [])])].sort();
  return new Map(
    keys.map((key) => [key, compareTrigger(prior?.get(key) ?? null, planned?.get(key) ?? null)]),
  );
}

function compareRecipients(
  prior: RotationInputs["encrypt_to"],
  planned: RotationInputs["encrypt_to"],
): Comparison {
  if (isUnknown(planned) || isUnknown(prior)) return "unknown";
  if (prior === null || planned === null) return prior === planned ? "same" : "changed";
  const known = planned.filter((recipient) => !isUnknown(recipient));
  if (known.some((recipient) => !prior.includes(recipient))) return "changed";
  // Each unknown one may turn out to be any of those before, or one of the known ones again.
  if (known.length < planned.length) return "unknown";
  return known.length === prior.length ? "same" : "changed";
}

/** Taken away, a version asks for nothing. */
function compareVersion(
  prior: RotationInputs["initial_secret_wo_version"],
  planned: RotationInputs["initial_secret_wo_version"],
): Comparison {
  if (isUnknown(planned)) return "unknown";
  return planned === null || planned === prior ? "same" : "changed";
}
