import type { ObjectValue } from "../cty/value.js";
import { clientOf, configured, find, type Context } from "./context.js";
import { decodeObject, decodePrivate, encodeObject, encodePrivate } from "./encoding.js";
import { guard } from "./guard.js";
import { identityOf } from "./identity.js";
import type { DataSource } from "../framework/data-source.js";
import { withoutWriteOnly } from "../schema/planning.js";
import { configDiagnostics } from "./validate.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";

export const readResource = <Client>(
  context: Context<Client>,
  request: wire.ReadResource_Request,
): Promise<wire.ReadResource_Response> =>
  guard<wire.ReadResource_Response>(
    "ReadResource",
    {
      newState: request.currentState,
      private: request.private,
      newIdentity: request.currentIdentity,
    },
    async () => {
      const resource = find(context.resources, "resource", request.typeName);
      const state = decodeObject(request.currentState, resource.schema);
      const client = clientOf(context);
      // With nothing to ask, or nobody to ask yet, the state stands as it is.
      if (state === null || client === undefined) {
        return {
          newState: request.currentState,
          private: request.private,
          newIdentity: identityOf(resource, state),
        };
      }
      const privateState = decodePrivate(request.private);
      const outcome = await resource.read({
        state: state as never,
        privateState,
        client,
      });
      return {
        newState: encodeObject(
          withoutWriteOnly(resource.schema, outcome.state as ObjectValue | null),
          resource.schema,
        ),
        private: encodePrivate(outcome.privateState ?? privateState),
        // An object that is gone keeps its identity.
        newIdentity: identityOf(resource, (outcome.state as ObjectValue | null) ?? state),
        diagnostics: outcome.diagnostics,
      };
    },
  );

export const readDataSource = <Client>(
  context: Context<Client>,
  dataSources: ReadonlyMap<string, DataSource<Client>>,
  request: wire.ReadDataSource_Request,
): Promise<wire.ReadDataSource_Response> =>
  guard<wire.ReadDataSource_Response>("ReadDataSource", {}, async () => {
    const dataSource = find(dataSources, "data source", request.typeName);
    const config = decodeObject(request.config, dataSource.schema) ?? {};
    const invalid = configDiagnostics(dataSource, config);
    if (invalid.length > 0) return { diagnostics: invalid };
    const { state } = await dataSource.read({
      config: config as never,
      client: configured(context),
    });
    return { state: encodeObject(state as ObjectValue, dataSource.schema) };
  });
