import type { ObjectValue } from "../cty/value.js";
import type { EphemeralResource } from "../framework/ephemeral-resource.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { find } from "./context.js";
import { decodeObject, encodeObject } from "./encoding.js";
import { guard } from "./guard.js";
import { configDiagnostics } from "./validate.js";

export const openEphemeralResource = (
  resources: ReadonlyMap<string, EphemeralResource>,
  request: wire.OpenEphemeralResource_Request,
): Promise<wire.OpenEphemeralResource_Response> =>
  guard<wire.OpenEphemeralResource_Response>("OpenEphemeralResource", {}, async () => {
    const resource = find(resources, "ephemeral resource", request.typeName);
    const config = decodeObject(request.config, resource.schema) ?? {};
    const invalid = configDiagnostics(resource, config);
    if (invalid.length > 0) return { diagnostics: invalid };
    const { result } = await resource.open({ config: config as never });
    return { result: encodeObject(result as ObjectValue, resource.schema) };
  });
