import { randomUUID } from "node:crypto";
import type { Seen } from "../settings.js";
import type { Rotation } from "./decide.js";
import type { State } from "./schema.js";
import type { Sighting } from "./endpoint.js";

/** Private state, kept beside the state. No secret is in it. */
export interface Private extends Seen {
  /** Tells one object from another: core tells a provider no addresses. */
  readonly instance: string;
  /** PolyAI may have changed the secret without the new one reaching the state. */
  readonly unconfirmed?: boolean;
  /** Another object of the endpoint has rotated the secret since. */
  readonly superseded?: boolean;
  /** When a change of the secret was last tried and not confirmed, RFC 3339. */
  readonly triedAt?: string;
  /** When a known secret was adopted, RFC 3339. */
  readonly adoptedAt?: string | undefined;
  /** The secret comes from a state that another provider wrote: it may be older than adoptedAt. */
  readonly ageUnknown?: boolean | undefined;
  /** Set between the import of a known secret and the apply that records the triggers. */
  readonly adopting?: boolean;
  /**
   * The endpoint for which the configured initial secret is dead. It reaches the plan of a
   * replacement, and goes no further: core plans once more during apply, without any private.
   */
  readonly initialSecretDeadFor?: string | undefined;
  /**
   * By endpoint and fingerprint, the private state of each object that the plan has read. Core hands
   * the destroy of a tainted object the private state of its successor.
   */
  readonly reads?: Readonly<Record<string, Private>>;
  /** Beside reads, the endpoint of the successor, if it is known. */
  readonly successorEndpoint?: string | undefined;
  /** The plan's decision for the apply that follows. */
  readonly rotation?: Rotation["kind"];
}

/**
 * The private state of an object that exists. Whatever this provider has stored has one: core
 * empties it if the plugin is killed in an update, which may have rotated.
 */
export const privateOf = (stored: Seen): Private =>
  "instance" in stored
    ? (stored as Private)
    : { ...stored, instance: randomUUID(), unconfirmed: true };

/**
 * The private state once the state holds the secret that is valid.
 *
 * @param known with the settings of a good answer; one that asked PolyAI for nothing proves none
 */
export const settled = (
  { instance, settings }: Pick<Private, "instance" | "settings">,
  adoptedAt?: string,
  ageUnknown?: boolean,
): Private => ({ instance, settings, adoptedAt, ageUnknown });

/** An object as its endpoint takes note of it. */
export function sightingOf(state: State, known: Private): Sighting {
  const since = timeOf(state.rotated_at ?? (known.ageUnknown ? null : known.adoptedAt));
  const { superseded = false, unconfirmed = false } = known;
  return {
    instance: known.instance,
    fingerprint: state.fingerprint,
    since,
    last: Math.max(since, timeOf(known.triedAt)),
    trusted: !superseded && !unconfirmed && state.fingerprint !== null,
    superseded,
    invalidates: state.on_destroy === "invalidate",
  };
}

/** Milliseconds since 1970; before all times if nobody knows. */
const timeOf = (text: string | null | undefined): number => {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? -Infinity : time;
};

/** The key of an object in reads. */
export const readingOf = ({ endpoint_id, fingerprint }: State): string =>
  `${endpoint_id} ${fingerprint ?? "unknown"}`;

/** The ids of the endpoints of the objects in reads. */
export const endpointsOf = (reads: ReadonlyMap<string, Private>): ReadonlySet<string> =>
  new Set([...reads.keys()].flatMap((key) => key.split(" ").slice(0, 1)));
