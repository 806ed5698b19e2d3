import { jsonObject } from "../cty/json.js";
import type { ObjectValue } from "../cty/value.js";
import { error, DiagnosticError } from "../framework/diagnostic.js";
import { withoutWriteOnly } from "../schema/planning.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { find, type Context } from "./context.js";
import { encodeObject, encodePrivate } from "./encoding.js";
import { guard } from "./guard.js";
import { identityOf } from "./identity.js";

export const moveResourceState = <Client>(
  context: Context<Client>,
  request: wire.MoveResourceState_Request,
): Promise<wire.MoveResourceState_Response> =>
  guard<wire.MoveResourceState_Response>("MoveResourceState", {}, () => {
    const { sourceProviderAddress = "", sourceTypeName = "", sourceState } = request;
    const resource = find(context.resources, "resource", request.targetTypeName);
    if (resource.moveState === undefined) {
      throw new DiagnosticError(
        error(
          "Move not supported",
          `${resource.typeName} cannot be moved from ${sourceTypeName}. Within one resource type, a moved block needs no help of the provider.`,
        ),
      );
    }
    const outcome = resource.moveState({
      providerAddress: sourceProviderAddress,
      typeName: sourceTypeName,
      state: jsonObject(sourceState?.json ?? new Uint8Array()),
    });
    const state = withoutWriteOnly(resource.schema, outcome.state as ObjectValue);
    return {
      targetState: encodeObject(state, resource.schema),
      targetPrivate: encodePrivate(outcome.privateState ?? {}),
      targetIdentity: identityOf(resource, state),
      diagnostics: outcome.diagnostics,
    };
  });
