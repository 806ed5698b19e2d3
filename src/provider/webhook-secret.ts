import { randomUUID } from "node:crypto";
import { isUnknown, UNKNOWN } from "../plugin/cty/value.js";
import {
  error,
  warning,
  DiagnosticError,
  type Diagnostic,
} from "../plugin/framework/diagnostic.js";
import {
  defineResource,
  type PrivateState,
  type StoredState,
} from "../plugin/framework/resource.js";
import { PolyaiError } from "../polyai/errors.js";
import type { Client } from "./client.js";
import { fail } from "./errors.js";
import { webhookEndpointId } from "./ids.js";
import { decideRotation, fingerprintOf, type Rotation, type RotationInputs } from "./rotation.js";
import { RotationError, rotate } from "./rotate.js";
import { announce, leftValid, sharedEndpoint } from "./rotation-diagnostics.js";
import { schema, type State } from "./webhook-secret-schema.js";

/** What is kept beside the state. No secret is in it. */
interface Private extends PrivateState {
  /** Tells one instance from another; see PlannedEndpoints. */
  readonly instance?: string;
  /** Where the API was asked when the state was made. */
  readonly origin?: string;
  /** A rotation may have happened whose secret never arrived. */
  readonly unconfirmed?: boolean;
  /** When a known secret was adopted by import, RFC 3339. */
  readonly adoptedAt?: string;
  /** Set between that import and the apply that records the triggers. */
  readonly adopting?: boolean;
  /** What the plan decided for the apply that follows. */
  readonly rotation?: Rotation["kind"];
}

/**
 * Version 0 had endpoint_id, rotation_trigger, signing_secret and rotated_at. What the attributes
 * that came later would have been follows from these, so that the upgrade plans no change.
 */
function fromVersion0(stored: StoredState): StoredState {
  const { endpoint_id, signing_secret } = stored;
  return {
    ...stored,
    id: endpoint_id,
    on_destroy: "keep",
    ...(typeof signing_secret === "string"
      ? { fingerprint: fingerprintOf(signing_secret), rotation_count: 1 }
      : { rotation_count: 0 }),
  };
}

export const webhookSecret = defineResource<Client>()({
  typeName: "polyai_webhook_secret",
  schema,

  plan({ plannedState, priorState, privateState, client }) {
    const known = privateState as Private;
    const instance = known.instance ?? randomUUID();
    const { endpoint_id } = plannedState;
    const replaced = priorState !== null && priorState.endpoint_id !== endpoint_id;
    const shared =
      // A replacement is planned a second time, as a creation that carries the same instance.
      !replaced && !isUnknown(endpoint_id) && client?.plannedEndpoints.claim(endpoint_id, instance)
        ? [sharedEndpoint(endpoint_id)]
        : [];

    if (priorState === null) {
      return {
        plannedState: { id: endpoint_id, previous_signing_secret: null, rotation_count: 1 },
        privateState: { ...known, instance },
        diagnostics: shared,
      };
    }
    const rotation = rotationOf(priorState, plannedState, known);
    return {
      plannedState: { id: endpoint_id, ...plannedSecret(priorState, rotation) },
      privateState: { ...known, instance, rotation: rotation.kind },
      diagnostics: [
        ...shared,
        ...(replaced ? leftValid(priorState) : announce(priorState, rotation, known.adoptedAt)),
      ],
    };
  },

  planDestroy: ({ priorState }) => leftValid(priorState),

  async create({ plan, privateState, client }) {
    const secret = await rotate(client, plan.endpoint_id);
    return {
      state: {
        ...plan,
        id: plan.endpoint_id,
        ...secret,
        previous_signing_secret: null,
        rotation_count: 1,
      },
      privateState: settled(privateState, client),
    };
  },

  async read({ state, privateState, client }) {
    const { origin } = privateState as Private;
    try {
      await client.api.webhookEndpoints.get(state.endpoint_id);
      return { state };
    } catch (failure) {
      if (!(failure instanceof PolyaiError)) throw failure;
      const attempt = { action: `read webhook endpoint ${state.endpoint_id}`, at: "endpoint_id" };
      if (failure.kind !== "not_found") return fail(failure, attempt);
      // In the wrong region nothing is found; what is there must not be given up for that.
      if (origin !== undefined && origin !== client.origin) {
        throw new DiagnosticError(
          error(
            `Could not ${attempt.action}`,
            `This secret was made at ${origin}, and the provider now asks ${client.origin}, which does not know the endpoint. The state is kept as it is. Set the provider's region (or base_url) back, or remove the resource from the state with "terraform state rm" if you mean to leave it.`,
            "endpoint_id",
          ),
        );
      }
      return {
        state: null,
        diagnostics: [
          warning(
            `Webhook endpoint ${state.endpoint_id} is gone`,
            `PolyAI does not know it any more at ${client.origin}, so its secret is removed from the state. If the configuration still has the resource, the next apply tries to rotate the secret and fails until endpoint_id names an endpoint that exists.`,
            "endpoint_id",
          ),
        ],
      };
    }
  },

  async update({ plan, state, privateState, client }) {
    const known = privateState as Private;
    if (!rotatesNow(state, plan, known)) {
      return {
        state: { ...plan, id: plan.endpoint_id, ...secretOf(state) },
        privateState: settled(known, client, known.adoptedAt),
      };
    }
    try {
      return {
        state: {
          ...plan,
          id: plan.endpoint_id,
          ...(await rotate(client, plan.endpoint_id)),
          previous_signing_secret: state.signing_secret,
          rotation_count: (state.rotation_count ?? 0) + 1,
        },
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
      await rotate(client, state.endpoint_id);
      return [];
    } catch (failure) {
      if (failure instanceof RotationError && failure.endpointGone) return [];
      throw failure;
    }
  },

  importState({ id, client }) {
    const problem = webhookEndpointId(id);
    if (typeof problem === "string") {
      throw new DiagnosticError(error("Invalid import id", problem));
    }
    const secret = client.knownSecret.adoptFor(id);
    const nothing = {
      rotation_trigger: null,
      rotation_triggers: null,
      rotate_after_days: null,
      signing_secret: null,
      previous_signing_secret: null,
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
              adoptedAt: new Date().toISOString(),
            },
          },
    );
  },

  upgradeState: { 0: fromVersion0 },
});

/** What is known about the secret when the plan is made. */
function plannedSecret(prior: State, rotation: Rotation) {
  switch (rotation.kind) {
    case "none":
      return secretOf(prior);
    case "possible":
      return {
        signing_secret: UNKNOWN,
        previous_signing_secret: UNKNOWN,
        fingerprint: UNKNOWN,
        rotation_count: UNKNOWN,
        rotated_at: UNKNOWN,
      };
    case "certain":
      return {
        signing_secret: UNKNOWN,
        previous_signing_secret: prior.signing_secret,
        fingerprint: UNKNOWN,
        rotation_count: (prior.rotation_count ?? 0) + 1,
        rotated_at: UNKNOWN,
      };
  }
}

/**
 * Whether an update rotates, now that everything is known. What the plan has announced is done,
 * and nothing else: time passes between plan and apply.
 */
function rotatesNow(state: State, plan: RotationInputs, known: Private): boolean {
  if (known.rotation === "certain" || known.rotation === "none") {
    return known.rotation === "certain";
  }
  return rotationOf(state, plan, known).kind === "certain";
}

const rotationOf = (prior: State, planned: RotationInputs, known: Private): Rotation =>
  decideRotation({
    prior,
    planned,
    unconfirmed: known.unconfirmed ?? false,
    adopting: known.adopting ?? false,
    since: prior.rotated_at ?? known.adoptedAt ?? null,
    now: Date.now(),
  });

const secretOf = ({
  signing_secret,
  previous_signing_secret,
  fingerprint,
  rotation_count,
  rotated_at,
}: State) => ({
  signing_secret,
  previous_signing_secret,
  fingerprint,
  rotation_count,
  rotated_at,
});

/** The private state once the state holds the secret that is valid. */
const settled = ({ instance }: Private, { origin }: Client, adoptedAt?: string): Private => ({
  ...(instance === undefined ? {} : { instance }),
  origin,
  ...(adoptedAt === undefined ? {} : { adoptedAt }),
});
