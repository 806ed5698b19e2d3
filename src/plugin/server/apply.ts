import type { ObjectValue } from "../cty/value.js";
import { hasErrors } from "../framework/diagnostic.js";
import type { Outcome, Resource } from "../framework/resource.js";
import { withoutWriteOnly } from "../schema/planning.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { configured, find, type Context } from "./context.js";
import { decodeObject, decodePrivate, encodeObject, encodePrivate } from "./encoding.js";
import { guard } from "./guard.js";
import { identityOf } from "./identity.js";
import { attributeDiagnostics } from "./validate.js";

type Response = wire.ApplyResourceChange_Response;

/**
 * Create, update and delete share one rule: the response describes what exists after the call, even
 * if it failed. An operation that throws has changed nothing, so the prior state stands.
 */
export const applyResourceChange = <Client>(
  context: Context<Client>,
  request: wire.ApplyResourceChange_Request,
): Promise<Response> => {
  const unchanged = {
    newState: request.priorState,
    private: request.plannedPrivate,
    newIdentity: request.plannedIdentity,
  };
  return guard<Response>("ApplyResourceChange", unchanged, async () => {
    const resource = find(context.resources, "resource", request.typeName);
    const { schema } = resource;
    const priorState = decodeObject(request.priorState, schema);
    const plannedState = decodeObject(request.plannedState, schema);
    const client = configured(context);
    const privateState = decodePrivate(request.plannedPrivate);

    if (plannedState === null) {
      if (priorState === null) return unchanged;
      const ending = await resource.delete({
        state: priorState as never,
        privateState,
        client,
      });
      const { diagnostics = [] } = ending;
      if (hasErrors(diagnostics)) {
        return {
          ...unchanged,
          private: encodePrivate(ending.privateState ?? privateState),
          diagnostics,
        };
      }
      const newIdentity = identityOf(resource, null);
      return { newState: request.plannedState, newIdentity, diagnostics };
    }

    const config = decodeObject(request.config, schema) ?? {};
    // Values that were unknown until now have met no validator yet. Core plans again with them before
    // it calls this, but after it has destroyed the old object of a replacement, whose call shows
    // nothing of the new values: only create_before_destroy keeps the old object then.
    const invalid = attributeDiagnostics(schema, config, priorState);
    if (invalid.length > 0) return { ...unchanged, diagnostics: invalid };
    const outcome = await createOrUpdate(resource, {
      config,
      plan: plannedState,
      state: priorState,
      privateState,
      client,
    });
    return {
      newState: encodeObject(withoutWriteOnly(schema, outcome.state), schema),
      private: encodePrivate(outcome.privateState ?? privateState),
      newIdentity: identityOf(resource, outcome.state),
      diagnostics: outcome.diagnostics,
    };
  });
};

const createOrUpdate = <Client>(
  resource: Resource<Client>,
  {
    state,
    ...request
  }: {
    readonly config: ObjectValue;
    readonly plan: ObjectValue;
    readonly state: ObjectValue | null;
    readonly privateState: Readonly<Record<string, unknown>>;
    readonly client: Client;
  },
): Promise<Outcome<ObjectValue | null>> =>
  (state === null ? resource.create(request) : resource.update({ ...request, state })) as Promise<
    Outcome<ObjectValue | null>
  >;
