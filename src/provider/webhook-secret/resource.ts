import { randomUUID } from "node:crypto";
import { isUnknown } from "../../plugin/cty/value.js";
import { warning } from "../../plugin/framework/diagnostic.js";
import { defineResource } from "../../plugin/framework/resource.js";
import { assertSameOrigin, attemptUnlessGone } from "../api-calls.js";
import type { Client } from "../client.js";
import { assertImportId, webhookEndpointId } from "../ids.js";
import {
  adoptionNotes,
  assertNotDead,
  initialSecret,
  initialSecretDeadFor,
  initialSecretProblems,
} from "./adopt.js";
import { adopt, invalidate, rotate, RotationError } from "./rotate.js";
import { announce, leftValid, sharedEndpoint } from "./messages.js";
import { fingerprintOf } from "../fingerprint.js";
import { storageFor } from "./storage.js";
import {
  countAfter,
  decided,
  plannedByAnother,
  plannedCreation,
  plannedUpdate,
  rotationOf,
  secretOf,
  settled,
  type Private,
} from "./plan.js";
import { schema } from "./schema.js";

export const webhookSecret = defineResource<Client>()({
  typeName: "polyai_webhook_secret",
  schema,
  identity: "endpoint_id",

  validateConfig: ({ config }) => initialSecretProblems(config),

  plan({ config, plannedState, priorState, privateState, client }) {
    const known = privateState as Private;
    const instance = known.instance ?? randomUUID();
    const { endpoint_id } = plannedState;
    const replaced = priorState !== null && priorState.endpoint_id !== endpoint_id;
    const shared =
      // A replacement is planned a second time, as a creation that carries the same instance.
      client !== undefined &&
      !replaced &&
      !isUnknown(endpoint_id) &&
      plannedByAnother(client, endpoint_id, instance)
        ? [sharedEndpoint(endpoint_id)]
        : [];

    if (priorState === null) {
      return {
        plannedState: { id: endpoint_id, ...plannedCreation(plannedState) },
        privateState: { ...known, instance },
        diagnostics: [
          ...initialSecretProblems(config),
          ...shared,
          ...adoptionNotes(config, known.initialSecretDeadFor, client),
        ],
      };
    }
    const rotation = rotationOf(priorState, plannedState, known);
    return {
      plannedState: { id: endpoint_id, ...plannedUpdate(priorState, plannedState, rotation) },
      privateState: {
        ...known,
        instance,
        rotation: rotation.kind,
        initialSecretDeadFor: initialSecretDeadFor(config, priorState),
      },
      diagnostics: [
        ...initialSecretProblems(config),
        ...shared,
        ...(replaced
          ? leftValid(priorState)
          : announce(priorState, rotation, plannedState.encrypt_to, known.adoptedAt)),
      ],
    };
  },

  planDestroy: ({ priorState }) => leftValid(priorState),

  async create({ config, plan, privateState, client }) {
    const known = initialSecret(config);
    assertNotDead(config, plan.endpoint_id, client);
    const store = await storageFor(plan.encrypt_to);
    const secret =
      known === null
        ? await rotate(client, plan.endpoint_id, store, null)
        : await adopt(client, plan.endpoint_id, known, store, null);
    return {
      state: {
        ...plan,
        id: plan.endpoint_id,
        ...secret,
        rotation_count: known === null ? 1 : 0,
      },
      privateState: settled(privateState, client, known === null ? undefined : now()),
    };
  },

  async read({ state, privateState, client }) {
    const { endpoint_id } = state;
    const what = { action: `read webhook endpoint ${endpoint_id}`, at: "endpoint_id" };
    if (await attemptUnlessGone(client.api.webhookEndpoints.get(endpoint_id), what))
      return { state };
    assertSameOrigin(client, privateState, what);
    return {
      state: null,
      diagnostics: [
        warning(
          `Webhook endpoint ${endpoint_id} is gone`,
          `PolyAI does not know it any more at ${client.origin}, so its secret is removed from the state. If the configuration still has the resource, the next apply tries to rotate the secret and fails until endpoint_id names an endpoint that exists.`,
          "endpoint_id",
        ),
      ],
    };
  },

  async update({ config, plan, state, privateState, client }) {
    const known = privateState as Private;
    const secret = initialSecret(config);
    const action = decided(state, plan, known);
    const id = plan.endpoint_id;
    if (action === "none") {
      return {
        state: { ...plan, id, ...secretOf(state) },
        privateState: settled(known, client, known.adoptedAt),
      };
    }
    const store = await storageFor(plan.encrypt_to);
    const previous = state.signing_secret;
    const changed = { ...plan, id, rotation_count: countAfter(state) };
    if (action === "adoption" && secret !== null) {
      return {
        state: { ...changed, ...(await adopt(client, id, secret, store, previous)) },
        privateState: settled(known, client, now()),
      };
    }
    try {
      return {
        state: { ...changed, ...(await rotate(client, id, store, previous)) },
        privateState: settled(known, client),
      };
    } catch (failure) {
      if (!(failure instanceof RotationError)) throw failure;
      // The prior state stands, with a mark: even where the trigger is put back, the next plan
      // proposes the rotation that may have happened without its secret arriving.
      return {
        state,
        privateState: { ...known, unconfirmed: known.unconfirmed === true || failure.ambiguous },
        diagnostics: failure.diagnostics,
      };
    }
  },

  async delete({ state, client }) {
    if (state.on_destroy !== "invalidate") return [];
    // With create_before_destroy the successor's secret is the valid one by now.
    const successor = client.rotated.get(state.endpoint_id);
    if (successor !== undefined && successor !== state.fingerprint) return [];
    try {
      await invalidate(client, state.endpoint_id);
      return [];
    } catch (failure) {
      if (failure instanceof RotationError && failure.endpointGone) return [];
      throw failure;
    }
  },

  importState({ id, client }) {
    assertImportId(webhookEndpointId, id);
    const secret = client.knownSecret.adoptFor(id);
    const nothing = {
      rotation_trigger: null,
      rotation_triggers: null,
      rotate_after_days: null,
      encrypt_to: null,
      initial_secret: null,
      initial_secret_wo: null,
      initial_secret_wo_version: null,
      signing_secret: null,
      previous_signing_secret: null,
      encrypted_signing_secret: null,
      fingerprint: null,
      rotation_count: 0,
      rotated_at: null,
    };
    const privateState: Private = { instance: randomUUID(), origin: client.origin };
    return Promise.resolve(
      secret === undefined
        ? { state: { ...nothing, id, endpoint_id: id, on_destroy: "keep" }, privateState }
        : {
            state: {
              ...nothing,
              id,
              endpoint_id: id,
              // Null on purpose: it makes the first apply an update, which records the triggers.
              on_destroy: null,
              signing_secret: secret,
              fingerprint: fingerprintOf(secret),
            },
            privateState: {
              ...privateState,
              adopting: true,
              adoptedAt: now(),
            },
          },
    );
  },
});

const now = (): string => new Date().toISOString();
