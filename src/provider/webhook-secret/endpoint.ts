/**
 * Everything that one process knows of an endpoint's secret. A rotation ends the secret that any
 * other object of the endpoint holds. Core handles objects at the same time and in any order, so
 * each of them looks here at what the others have done, and are about to do.
 */
import type { Diagnostic } from "../../plugin/framework/diagnostic.js";
import type { PolyaiError } from "../../polyai/errors.js";
import type { Private } from "./private.js";

/** The last change of an endpoint's secret in this process. */
export interface Change {
  /** The instance that made it. */
  readonly by: string;
  /** Undefined if nobody knows to which secret, or if it has changed at all. */
  readonly fingerprint: string | undefined;
}

/** An object of the endpoint, when core has had it read or planned. */
export interface Sighting {
  readonly instance: string;
  readonly fingerprint: string | null;
  /** When its secret became valid, in milliseconds since 1970. */
  readonly since: number;
  /** When it last tried to change the secret, whatever became of it. */
  readonly last: number;
  /** False if its next plan rotates in any case. */
  readonly trusted: boolean;
  /** True if another object has rotated the secret since. */
  readonly superseded: boolean;
  /** True if destroying it rotates. */
  readonly invalidates: boolean;
}

/** An object that is planned to exist after the apply. */
export interface Kept {
  readonly instance: string;
  /** The object as it is; undefined if it is still to be created. */
  readonly prior?: Sighting;
  /** The object of this endpoint that it is created again in place of, and that stays if that fails. */
  readonly replaces?: Sighting | undefined;
  /** Fingerprint of the known secret that it adopts, and the error if that is dead. */
  readonly adopts?: { readonly fingerprint: string; readonly ifDead: Diagnostic } | undefined;
}

export class Endpoint {
  changed: Change | undefined;
  /** True once something has had its turn: this process applies then. */
  applying = false;
  /** True once this process has met an object of the state that holds its secret, or has created it. */
  met = false;
  /** The failure of asking for it, for the plan of a new object; undefined in it if it was read. */
  look: Promise<PolyaiError | undefined> | undefined;
  /** True once a plan deletes the endpoint itself. */
  ends = false;
  readonly seen = new Others<Sighting>();
  readonly kept = new Others<Kept>();
  readonly destroyed = new Others<Sighting>();
  #turn: Promise<unknown> = Promise.resolve();

  /** Runs a change of the secret, its retries included, or a look, after the changes before it have ended. */
  inTurn<T>(change: () => T | Promise<T>): Promise<T> {
    this.applying = true;
    const turn = this.#turn.then(change);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** The last change, if another instance has made it. In its turn, it knows of all that began before. */
  changedByAnother(than: string): Change | undefined {
    return this.changed?.by === than ? undefined : this.changed;
  }
}

class Others<T extends { readonly instance: string }> {
  readonly #all = new Map<string, T>();

  add(one: T): void {
    this.#all.set(one.instance, one);
  }

  of(instance: string): T | undefined {
    return this.#all.get(instance);
  }

  all(): readonly T[] {
    return [...this.#all.values()];
  }

  /** All but the object of this instance. */
  than(instance: string): readonly T[] {
    return this.all().filter((each) => each.instance !== instance);
  }
}

/** Makes the endpoints of a configured provider, each once. */
export function endpoints(): (id: string) => Endpoint {
  const known = new Map<string, Endpoint>();
  return (id) => {
    const endpoint = known.get(id) ?? new Endpoint();
    known.set(id, endpoint);
    return endpoint;
  };
}

/**
 * The marks that an object needs for the others that were met before it. Reading makes them, since
 * an object that no plan changes has nothing else that reaches the next process; and of a deposed
 * object, core plans the destroy once more during apply, from what reading has left. Planning a
 * destroy makes them too, since Terraform 1.11 reads what is not configured only afterwards.
 */
export function marksOf(
  { seen }: Endpoint,
  object: Sighting,
): Pick<Private, "superseded" | "unconfirmed"> {
  const others = seen.than(object.instance);
  if (others.some(({ since }) => since > object.last)) return { superseded: true };
  // Core may be about to destroy the other one, in a plan that changes nothing in this one.
  const endangers = ({ last, invalidates, superseded }: Sighting) =>
    last > object.since || (invalidates && !superseded);
  return others.some(endangers) ? { unconfirmed: true } : {};
}

/**
 * True if the end of one object leaves another with a secret that is dead, or may be at the end of
 * the apply, and nothing in the other's plan or state says so.
 */
export const harms = (destroyed: Sighting, { prior, replaces }: Kept): boolean => {
  const stays = prior ?? replaces;
  return (
    stays?.trusted === true &&
    !destroyed.superseded &&
    ((destroyed.invalidates && prior !== undefined) || destroyed.last > stays.since)
  );
};

/**
 * The error if the secret that an object adopts is dead because of another object, or may be. An
 * object that exists may be given a newer secret than the other one has.
 */
export const deadBy = (
  { fingerprint, trusted, invalidates, superseded }: Sighting,
  { adopts, prior }: Kept,
): readonly Diagnostic[] => {
  if (adopts === undefined) return [];
  const dead =
    prior === undefined
      ? fingerprint !== adopts.fingerprint || !trusted || invalidates
      : invalidates && !superseded;
  return dead ? [adopts.ifDead] : [];
};

/** The error if an object adopts what it holds already, though that may be dead. */
export const doubtful = ({ adopts, prior }: Kept): readonly Diagnostic[] =>
  adopts !== undefined && prior?.trusted === false && adopts.fingerprint === prior.fingerprint
    ? [adopts.ifDead]
    : [];
