import type { ListResource } from "../framework/list-resource.js";
import { redactText } from "../logging/redaction.js";
import { withoutWriteOnly } from "../schema/planning.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { configured, find, type Context } from "./context.js";
import { diagnosticsToWire } from "./diagnostics.js";
import { decodeObject, encodeObject } from "./encoding.js";
import { diagnosticsOf } from "./guard.js";
import { identityOf } from "./identity.js";
import { configDiagnostics } from "./validate.js";

/** The objects as events, at most as many as the host expects. A fault becomes the last event. */
export async function* listResource<Client>(
  context: Context<Client>,
  listResources: ReadonlyMap<string, ListResource<Client>>,
  { typeName, config, includeResourceObject, limit = 0 }: wire.ListResource_Request,
): AsyncGenerator<wire.ListResource_Event> {
  try {
    const resource = find(context.resources, "resource", typeName);
    const listing = find(listResources, "list resource", typeName);
    const { schema } = listing;
    const wanted = decodeObject(config, schema) ?? {};
    const invalid = configDiagnostics(listing, wanted);
    if (invalid.length > 0) {
      yield { diagnostic: diagnosticsToWire(invalid) };
      return;
    }
    if (limit <= 0) return;
    let left = limit;
    const client = configured(context);
    for await (const { displayName, state } of listing.list({ config: wanted as never, client })) {
      const object = withoutWriteOnly(resource.schema, state);
      yield {
        displayName: redactText(displayName),
        identity: identityOf(resource, object),
        ...(includeResourceObject === true && {
          resourceObject: encodeObject(object, resource.schema),
        }),
      };
      if (--left === 0) return;
    }
  } catch (thrown) {
    yield { diagnostic: diagnosticsToWire(diagnosticsOf("ListResource", thrown)) };
  }
}
