import { error, DiagnosticError } from "../framework/diagnostic.js";
import type { ObjectValue } from "../cty/value.js";
import { withoutWriteOnly } from "../schema/planning.js";
import { configured, find, type Context } from "./context.js";
import { encodePrivate, encodeValue } from "./encoding.js";
import { guard } from "./guard.js";
import { identityField, identityOf, importIdOf } from "./identity.js";
import type {
  ImportResourceStateRequest,
  ImportResourceStateResponse,
  MoveResourceStateRequest,
  MoveResourceStateResponse,
} from "./messages.js";

export const importResourceState = <Client>(
  context: Context<Client>,
  request: ImportResourceStateRequest,
): Promise<ImportResourceStateResponse> =>
  guard<ImportResourceStateResponse>(
    "ImportResourceState",
    (diagnostics) => ({ diagnostics, importedResources: [] }),
    async () => {
      const resource = find(context.resources, "resource", request.typeName);
      if (resource.importState === undefined) {
        throw new DiagnosticError(
          error("Import not supported", `${request.typeName} cannot be imported.`),
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
            state: encodeValue(state, resource.schema.type),
            private: encodePrivate(outcome.privateState ?? {}),
            ...identityField("identity", identityOf(resource, state)),
          },
        ],
        diagnostics: outcome.diagnostics ?? [],
      };
    },
  );

/** No resource here takes over the state of another type. */
export const moveResourceState = ({
  sourceTypeName,
  targetTypeName,
}: MoveResourceStateRequest): Promise<MoveResourceStateResponse> =>
  Promise.resolve({
    diagnostics: [
      error(
        "Move not supported",
        `${targetTypeName} cannot be moved from ${sourceTypeName}. Within one resource type, a moved block needs no help of the provider.`,
      ),
    ],
  });
