import { randomUUID } from "node:crypto";
import { isUnknown } from "../../plugin/cty/value.js";
import { DiagnosticError, hasErrors, warning } from "../../plugin/framework/diagnostic.js";
import { defineResource } from "../../plugin/framework/resource.js";
import { attemptUnlessGone } from "../api-calls.js";
import type { Client } from "../client.js";
import { assertGone, seenBy } from "../settings.js";
import {
  adopted,
  adoptionNotes,
  deadSecret,
  initialSecret,
  initialSecretDeadFor,
  initialSecretProblems,
  lateSecretNotes,
  sameSecretNotes,
} from "./adopt.js";
import { nextRotation } from "./decide.js";
import type { Endpoint } from "./endpoint.js";
import { firstLook } from "./first-look.js";
import { importState } from "./import.js";
import { announce, ofDestroying, superseded, unread } from "./messages.js";
import { moveState } from "./move.js";
import {
  countAfter,
  decided,
  plannedCreation,
  plannedUpdate,
  rotationOf,
  reasonNow,
  secretOf,
  withNewAttributes,
} from "./plan.js";
import { privateOf, readingOf, settled, sightingOf, type Private } from "./private.js";
import {
  creationProblems,
  destroyingProblems,
  keepingProblems,
  noted,
  successionOf,
} from "./rivals.js";
import { adopt, invalidate, isoNow, rotate, RotationError } from "./rotate.js";
import { NO_SECRET, schema, type State } from "./schema.js";
import { storageFor } from "./storage.js";

export const webhookSecret = defineResource<Client>()({
  typeName: "polyai_webhook_secret",
  schema,
  identity: "endpoint_id",

  upgradeState: { 1: withNewAttributes },

  moveState,

  validateConfig: ({ config }) => initialSecretProblems(config),

  async plan({ config, plannedState, priorState, privateState, client }) {
    const now = client?.api.timing.now() ?? Date.now();
    const { endpoint_id } = plannedState;
    const endpoint = isUnknown(endpoint_id) ? undefined : client?.endpoint(endpoint_id);

    if (priorState === null) {
      const known = { instance: randomUUID(), ...(privateState as Partial<Private>) };
      const { instance } = known;
      const replacing = "instance" in privateState;
      const planned = {
        plannedState: { id: endpoint_id, ...plannedCreation(plannedState) },
        privateState: replacing
          ? known
          : {
              ...known,
              reads: Object.fromEntries(client?.reads ?? []),
              successorEndpoint: isUnknown(endpoint_id) ? undefined : endpoint_id,
            },
        diagnostics: [
          ...initialSecretProblems(config),
          ...keepingProblems(endpoint, plannedState, {
            instance,
            adopts: adopted(config),
          }),
          ...creationProblems(client),
          ...adoptionNotes(config, known.initialSecretDeadFor, endpoint?.changed?.fingerprint),
        ],
      };
      if (hasErrors(planned.diagnostics)) return planned;
      const looked = await firstLook(client, config, replacing);
      return { ...planned, diagnostics: [...planned.diagnostics, ...looked] };
    }
    const known = privateOf(privateState);
    const prior = sightingOf(priorState, known);
    const held = client && endpointOf(client, priorState);
    const replaced = priorState.endpoint_id !== endpoint_id;
    const rotation = rotationOf(priorState, plannedState, known, now);
    const adopts = rotation.kind === "adoption" ? adopted(config) : undefined;
    return {
      plannedState: {
        id: endpoint_id,
        ...plannedUpdate(priorState, plannedState, rotation, known, now),
      },
      privateState: {
        ...known,
        ...(replaced && successionOf(held, prior)),
        rotation: rotation.kind,
        initialSecretDeadFor: initialSecretDeadFor(config, priorState),
      },
      diagnostics: [
        ...initialSecretProblems(config, priorState),
        ...keepingProblems(endpoint, plannedState, {
          instance: known.instance,
          ...(replaced ? {} : { prior, adopts }),
        }),
        ...(replaced
          ? destroyingProblems(held, priorState, prior)
          : [
              ...announce(priorState, rotation, plannedState.encrypt_to, known.adoptedAt, now),
              ...lateSecretNotes(config, priorState),
              ...(adopts
                ? [
                    ...adoptionNotes(config, undefined, prior.trusted ? prior.fingerprint : null),
                    ...sameSecretNotes(adopts, priorState, plannedState),
                  ]
                : []),
            ]),
      ],
    };
  },

  planDestroy({ priorState, privateState, client }) {
    const endpoint = client && endpointOf(client, priorState);
    const { known, object } = noted(endpoint, priorState, privateState);
    return {
      privateState: { ...known, ...successionOf(endpoint, object) },
      diagnostics: destroyingProblems(endpoint, priorState, object),
    };
  },

  async create({ config, plan, privateState, client }) {
    const id = plan.endpoint_id;
    const { instance } = privateState as Private;
    const target = { client, id, instance };
    const secret = initialSecret(config);
    const store = await storageFor(plan.encrypt_to);
    const created = { ...plan, id };
    if (secret !== null) {
      const stored = await adopt(target, secret, store, null, deadSecret(config));
      const adoptedAt = isoNow(client);
      return {
        state: {
          ...created,
          ...stored,
          next_rotation_at: nextRotation(plan.rotate_after_days, adoptedAt),
          rotation_count: 0,
          rotation_reason: "adopted",
        },
        privateState: settled({ instance }, adoptedAt),
      };
    }
    try {
      const rotated = await rotate(target, store, null);
      return {
        state: {
          ...created,
          ...rotated,
          next_rotation_at: nextRotation(plan.rotate_after_days, rotated.rotated_at),
          rotation_count: 1,
          rotation_reason: "created",
        },
        privateState: settled({ instance, ...seenBy(client, id) }),
      };
    } catch (failure) {
      if (!(failure instanceof RotationError && failure.ambiguous)) throw failure;
      // Core keeps the object, as tainted: with nothing, it would take up a replaced one again.
      return {
        state: { ...created, ...NO_SECRET },
        privateState: unconfirmed({ instance }, client),
        diagnostics: failure.diagnostics,
      };
    }
  },

  async read({ state, privateState, client }) {
    const { endpoint_id: id } = state;
    const endpoint = endpointOf(client, state);
    // Of a deleted endpoint too: core plans a creation then, even for a destroy.
    endpoint.look = Promise.resolve(undefined);
    const action = `read webhook endpoint ${id}`;
    const call = client.api.webhookEndpoints.get(id);
    if (await attemptUnlessGone(call, { action, at: "endpoint_id" })) {
      const known = { ...noted(endpoint, state, privateState).known, ...seenBy(client, id) };
      client.reads.set(readingOf(state), known);
      return { state, privateState: known };
    }
    assertGone(client, id, privateState, action);
    return {
      state: null,
      diagnostics: [
        warning(
          `Webhook endpoint ${id} is gone`,
          `PolyAI does not know it any more at ${client.settingsFor(id).url}, so its secret is removed from the state. If the configuration still has the resource, the next apply tries to rotate the secret and fails until endpoint_id names an endpoint that exists.`,
          "endpoint_id",
        ),
      ],
    };
  },

  async update({ config, plan, state, privateState, client }) {
    const known = privateOf(privateState);
    const secret = initialSecret(config, state);
    const now = client.api.timing.now();
    const action = decided(state, plan, known, now);
    const id = plan.endpoint_id;
    const target = { client, id, instance: known.instance };
    if (action === "none") {
      const kept = { ...plan, id, ...secretOf(state, plan.rotate_after_days, known) };
      const endpoint = client.endpoint(id);
      const other = await endpoint.inTurn(() => endpoint.changedByAnother(known.instance));
      if (other !== undefined && other.fingerprint !== state.fingerprint) {
        const diagnostics = [superseded(id)];
        return { state: kept, privateState: unconfirmed(known, client), diagnostics };
      }
      return {
        state: kept,
        privateState: settled(known, known.adoptedAt, known.ageUnknown),
      };
    }
    const store = await storageFor(plan.encrypt_to);
    const previous = state.signing_secret;
    const changed = {
      ...plan,
      id,
      rotation_count: countAfter(state),
      rotation_reason: reasonNow(state, plan, known, now),
    };
    try {
      if (action === "adoption" && secret !== null) {
        const stored = await adopt(target, secret, store, previous, deadSecret(config));
        const adoptedAt = isoNow(client);
        const next_rotation_at = nextRotation(plan.rotate_after_days, adoptedAt);
        return {
          state: { ...changed, ...stored, next_rotation_at },
          privateState: settled(known, adoptedAt),
        };
      }
      const rotated = await rotate(target, store, previous);
      const next_rotation_at = nextRotation(plan.rotate_after_days, rotated.rotated_at);
      return {
        state: { ...changed, ...rotated, next_rotation_at },
        privateState: settled({ ...known, ...seenBy(client, id) }),
      };
    } catch (failure) {
      if (!(failure instanceof DiagnosticError)) throw failure;
      const rotated = failure instanceof RotationError;
      if (rotated && failure.endpointGone) {
        assertGone(client, id, known, `rotate the signing secret of ${id}`);
      }
      // The prior state stays, with a mark: the next plan proposes the unconfirmed rotation again,
      // even if the trigger is put back.
      return {
        state,
        privateState: rotated && !failure.ambiguous ? known : unconfirmed(known, client),
        diagnostics: failure.diagnostics,
      };
    }
  },

  async delete({ state, privateState, client }) {
    const { endpoint_id: id } = state;
    endpointOf(client, state);
    if (state.on_destroy !== "invalidate") return {};
    const { reads, successorEndpoint, ...given } = privateState as Private;
    const read = reads === undefined ? given : reads[readingOf(state)];
    if (read === undefined) {
      return { privateState: { ...given, unconfirmed: true }, diagnostics: [unread(id)] };
    }
    // It may be what was read of another object that holds the same secret.
    const known = reads === undefined ? read : { ...read, instance: randomUUID() };
    // Another object of the endpoint has rotated its secret since.
    if (known.superseded === true) return {};
    try {
      const rotated = await invalidate({ client, id, instance: known.instance }).catch(
        (failure: unknown) => {
          if (!(failure instanceof RotationError && failure.endpointGone)) throw failure;
          assertGone(client, id, known, `rotate the signing secret of ${id}`);
          return false;
        },
      );
      // No plan has seen the end of a tainted object, so none has warned.
      const warned = !rotated || reads === undefined || successorEndpoint === id;
      return { diagnostics: ofDestroying(state, warned) };
    } catch (failure) {
      if (!(failure instanceof DiagnosticError)) throw failure;
      const mayHaveRotated = failure instanceof RotationError && failure.ambiguous;
      // The object stays. If a newer one of its endpoint ends in this run, nothing else marks it.
      return {
        privateState: mayHaveRotated ? unconfirmed(known, client) : { ...known, unconfirmed: true },
        diagnostics: failure.diagnostics,
      };
    }
  },

  importState: ({ id, client }) => Promise.resolve(importState(client, id)),
});

/** The endpoint of an object that the state has. */
function endpointOf(client: Client, { endpoint_id }: State): Endpoint {
  const endpoint = client.endpoint(endpoint_id);
  endpoint.met = true;
  return endpoint;
}

/** Private state that has the next plan rotate. */
const unconfirmed = (known: Pick<Private, "instance">, client: Client): Private => ({
  ...known,
  unconfirmed: true,
  triedAt: isoNow(client),
});
