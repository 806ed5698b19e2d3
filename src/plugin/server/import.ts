import { error, DiagnosticError } from "../framework/diagnostic.js";
import type { ObjectValue } from "../cty/value.js";
import { withoutWriteOnly } from "../schema/planning.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { configured, find, type Context } from "./context.js";
import { encodeObject, encodePrivate } from "./encoding.js";
import { guard } from "./guard.js";
import { identityOf, importIdOf } from "./identity.js";

export const importResourceState = <Client>(
  context: Context<Client>,
  request: wire.ImportResourceState_Request,
): Promise<wire.ImportResourceState_Response> =>
  guard<wire.ImportResourceState_Response>("ImportResourceState", {}, async () => {
    const resource = find(context.resources, "resource", request.typeName);
    if (resource.importState === undefined) {
      throw new DiagnosticError(
        error("Import not supported", `${resource.typeName} cannot be imported.`),
      );
    }
    const outcome = await resource.importState({
      id: importIdOf(resource, request),
      client: configured(context),
    });
    const state = withoutWriteOnly(resource.schema, outcome.state as ObjectValue);
    return {
      importedResources: [
        {
          typeName: request.typeName,
          state: encodeObject(state, resource.schema),
          private: encodePrivate(outcome.privateState ?? {}),
          identity: identityOf(resource, state),
        },
      ],
      diagnostics: outcome.diagnostics,
    };
  });
