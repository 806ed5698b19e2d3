import type { ObjectValue } from "../cty/value.js";
import { hasErrors, type Diagnostic } from "../framework/diagnostic.js";
import type { Outcome, Resource } from "../framework/resource.js";
import { withoutWriteOnly } from "../schema/planning.js";
import { configured, find, type Context } from "./context.js";
import { decodeObject, decodePrivate, encodePrivate, encodeValue } from "./encoding.js";
import { guard } from "./guard.js";
import { identityField, identityOf } from "./identity.js";
import type { ApplyResourceChangeRequest, ApplyResourceChangeResponse } from "./messages.js";
import { attributeDiagnostics } from "./validate.js";

/**
 * One law for all three: what is answered is what is true afterwards. An operation that throws
 * has changed nothing, so the prior state stands.
 */
export const applyResourceChange = <Client>(
  context: Context<Client>,
  request: ApplyResourceChangeRequest,
): Promise<ApplyResourceChangeResponse> => {
  const unchanged = (diagnostics: readonly Diagnostic[]): ApplyResourceChangeResponse => ({
    diagnostics,
    newState: request.priorState,
    private: request.plannedPrivate,
    ...identityField("newIdentity", request.plannedIdentity),
  });
  return guard("ApplyResourceChange", unchanged, async () => {
    const resource = find(context.resources, "resource", request.typeName);
    const { type } = resource.schema;
    const priorState = decodeObject(request.priorState, type);
    const plannedState = decodeObject(request.plannedState, type);
    const client = configured(context);
    const privateState = decodePrivate(request.plannedPrivate);

    if (plannedState === null) {
      if (priorState === null) return unchanged([]);
      const diagnostics = await resource.delete({
        state: priorState as never,
        privateState,
        client,
      });
      return hasErrors(diagnostics)
        ? unchanged(diagnostics)
        : {
            diagnostics,
            newState: request.plannedState,
            ...identityField("newIdentity", identityOf(resource, null)),
          };
    }

    const config = decodeObject(request.config, type) ?? {};
    // Values that were unknown until now have met no validator yet.
    const invalid = attributeDiagnostics(resource.schema, config);
    if (invalid.length > 0) return unchanged(invalid);
    const outcome = await createOrUpdate(resource, {
      config,
      plan: plannedState,
      state: priorState,
      privateState,
      client,
    });
    return {
      newState: encodeValue(withoutWriteOnly(resource.schema, outcome.state), type),
      private: encodePrivate(outcome.privateState ?? privateState),
      diagnostics: outcome.diagnostics ?? [],
      ...identityField("newIdentity", identityOf(resource, outcome.state)),
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
