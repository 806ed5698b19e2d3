/** The objects of one endpoint in one plan, and the problems between them, whichever is met first. */
import { isUnknown } from "../../plugin/cty/value.js";
import type { Diagnostic } from "../../plugin/framework/diagnostic.js";
import type { PlannedOf } from "../../plugin/schema/values.js";
import type { Client } from "../client.js";
import type { Seen } from "../settings.js";
import {
  deadBy,
  doubtful,
  harms,
  marksOf,
  type Endpoint,
  type Kept,
  type Sighting,
} from "./endpoint.js";
import { harmful, ofDestroying, sharedEndpoint } from "./messages.js";
import { endpointsOf, privateOf, sightingOf, type Private } from "./private.js";
import type { Attributes, State } from "./schema.js";

/** Takes note of an object that exists, and gives its private state with the marks that it needs. */
export function noted(endpoint: Endpoint | undefined, state: State, privateState: Seen) {
  const before = privateOf(privateState);
  if (endpoint === undefined) return { known: before, object: sightingOf(state, before) };
  const known = { ...before, ...marksOf(endpoint, sightingOf(state, before)) };
  const object = sightingOf(state, known);
  endpoint.seen.add(object);
  return { known, object };
}

/** Takes note of an object that is planned to exist, and says what is wrong with that. */
export function keepingProblems(
  endpoint: Endpoint | undefined,
  { endpoint_id: id }: Pick<PlannedOf<Attributes>, "endpoint_id">,
  object: Kept,
): readonly Diagnostic[] {
  if (endpoint === undefined || isUnknown(id)) return [];
  const { instance, prior } = object;
  const before = endpoint.kept.of(instance);
  const replaces = prior === undefined ? (before?.prior ?? before?.replaces) : undefined;
  endpoint.kept.add({ ...object, replaces });
  const met = [...endpoint.seen.than(instance), ...endpoint.destroyed.than(instance)];
  return [
    ...(endpoint.kept.than(instance).length > 0 ? [sharedEndpoint(id)] : []),
    ...met
      .flatMap((each) => deadBy(each, object))
      .concat(doubtful(object))
      .slice(0, 1),
    // Of those that were met, a tainted one has no plan but a creation: it may be at its end.
    ...(met.some((each) => endangers(endpoint, each, object)) ? [harmful(id)] : []),
  ];
}

/** During apply it may be too late to refuse: the update marks the object then. */
const endangers = ({ applying }: Endpoint, one: Sighting, other: Kept): boolean =>
  !applying && harms(one, other);

/**
 * The problems that a creation tells of the endpoints of all objects that were read: it may be all
 * that core plans for a tainted one.
 */
export function creationProblems(client: Client | undefined): readonly Diagnostic[] {
  if (client === undefined) return [];
  const isEndangered = (id: string): boolean => {
    const endpoint = client.endpoint(id);
    return endpoint.kept
      .all()
      .some((kept) =>
        endpoint.seen.than(kept.instance).some((each) => endangers(endpoint, each, kept)),
      );
  };
  return [...endpointsOf(client.reads)].filter(isEndangered).map(harmful);
}

/**
 * The mark of an object that is destroyed while the same plan replaces another of its endpoint: that
 * changes the secret. If this end did, an apply that stops in between would leave the other with a
 * dead one.
 */
export const successionOf = (
  endpoint: Endpoint | undefined,
  { instance }: Pick<Sighting, "instance">,
): Pick<Private, "superseded"> =>
  endpoint?.kept
    .than(instance)
    .some(
      ({ prior, replaces }) =>
        prior === undefined && (replaces !== undefined || endpoint.seen.than(instance).length > 0),
    ) === true
    ? { superseded: true }
    : {};

/** Takes note of an object that is planned to be destroyed, and says what comes of that. */
export function destroyingProblems(
  endpoint: Endpoint | undefined,
  state: State,
  object: Sighting,
): readonly Diagnostic[] {
  if (endpoint === undefined) return ofDestroying(state, false);
  endpoint.destroyed.add(object);
  const others = endpoint.kept.than(object.instance);
  const applied = ({ instance }: Kept) => endpoint.changed?.by === instance;
  const dead = others.flatMap((each) => (applied(each) ? [] : deadBy(object, each)));
  if (dead.length > 0) return dead;
  if (others.some((each) => harms(object, each))) return [harmful(state.endpoint_id)];
  const settled = object.superseded || endpoint.ends || others.length > 0;
  return ofDestroying(state, settled);
}
