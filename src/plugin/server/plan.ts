import type { ObjectValue, Value } from "../cty/value.js";
import { attributePath } from "../cty/path.js";
import { hasErrors } from "../framework/diagnostic.js";
import { planChange, withoutWriteOnly } from "../schema/planning.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { clientOf, find, type Context } from "./context.js";
import { pathToWire } from "./diagnostics.js";
import { decodeObject, decodePrivate, encodeObject, encodePrivate } from "./encoding.js";
import { guard } from "./guard.js";
import { identityOf } from "./identity.js";
import { attributeDiagnostics } from "./validate.js";

export const planResourceChange = <Client>(
  context: Context<Client>,
  request: wire.PlanResourceChange_Request,
): Promise<wire.PlanResourceChange_Response> =>
  guard<wire.PlanResourceChange_Response>(
    "PlanResourceChange",
    { plannedState: request.priorState },
    async () => {
      const resource = find(context.resources, "resource", request.typeName);
      const { schema } = resource;
      const priorState = decodeObject(request.priorState, schema);
      const proposedNewState = decodeObject(request.proposedNewState, schema);
      const privateState = decodePrivate(request.priorPrivate);
      // An object keeps its identity, and one that is still to be made has none.
      const plannedIdentity = identityOf(resource, priorState);

      if (proposedNewState === null) {
        const ending =
          priorState === null
            ? undefined
            : resource.planDestroy?.({
                priorState: priorState as never,
                privateState,
                client: clientOf(context),
              });
        return {
          plannedState: request.proposedNewState,
          plannedPrivate: encodePrivate(ending?.privateState ?? privateState),
          plannedIdentity,
          diagnostics: ending?.diagnostics,
        };
      }

      const config = decodeObject(request.config, schema) ?? {};
      // Values that were unknown at validate may be known by now.
      const invalid = attributeDiagnostics(schema, config, priorState);
      if (invalid.length > 0) return { diagnostics: invalid, plannedState: request.priorState };

      const change = planChange(schema, config, priorState, proposedNewState);
      const client = clientOf(context);
      const refined =
        (await resource.plan?.({
          config: config as never,
          priorState: priorState as never,
          plannedState: change.plannedState as never,
          privateState,
          client,
        })) ?? {};
      const plannedState: ObjectValue = {
        ...change.plannedState,
        ...(refined.plannedState as Readonly<Record<string, Value>> | undefined),
      };
      const diagnostics = refined.diagnostics ?? [];
      if (hasErrors(diagnostics)) return { diagnostics, plannedState: request.priorState };
      return {
        plannedState: encodeObject(withoutWriteOnly(schema, plannedState), schema),
        plannedPrivate: encodePrivate(refined.privateState ?? privateState),
        requiresReplace: change.requiresReplace.map((name) => pathToWire(attributePath(name))),
        diagnostics,
        plannedIdentity,
      };
    },
  );
