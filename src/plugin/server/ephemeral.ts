import type { ObjectValue } from "../cty/value.js";
import { hasErrors } from "../framework/diagnostic.js";
import type { EphemeralResource, Lease } from "../framework/ephemeral-resource.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { configured, find, type Context } from "./context.js";
import { decodeObject, decodePrivate, encodeObject, encodePrivate } from "./encoding.js";
import { guard } from "./guard.js";
import { configDiagnostics } from "./validate.js";

type EphemeralResources<Client> = ReadonlyMap<string, EphemeralResource<Client>>;

export const openEphemeralResource = <Client>(
  context: Context<Client>,
  resources: EphemeralResources<Client>,
  request: wire.OpenEphemeralResource_Request,
): Promise<wire.OpenEphemeralResource_Response> =>
  guard<wire.OpenEphemeralResource_Response>("OpenEphemeralResource", {}, async () => {
    const resource = find(resources, "ephemeral resource", request.typeName);
    const config = decodeObject(request.config, resource.schema) ?? {};
    const invalid = configDiagnostics(resource, config);
    if (hasErrors(invalid)) return { diagnostics: invalid };
    const opened = await resource.open({ config: config as never, client: context.client });
    return {
      ...leaseFields(opened),
      result: encodeObject(opened.result as ObjectValue, resource.schema),
      diagnostics: [...invalid, ...(opened.diagnostics ?? [])],
    };
  });

export const renewEphemeralResource = <Client>(
  context: Context<Client>,
  resources: EphemeralResources<Client>,
  request: wire.RenewEphemeralResource_Request,
): Promise<wire.RenewEphemeralResource_Response> =>
  guard<wire.RenewEphemeralResource_Response>("RenewEphemeralResource", {}, async () => {
    const resource = find(resources, "ephemeral resource", request.typeName);
    const renewed = await resource.renew?.({
      privateState: decodePrivate(request.private),
      client: configured(context),
    });
    return { ...leaseFields(renewed ?? {}), diagnostics: renewed?.diagnostics };
  });

export const closeEphemeralResource = <Client>(
  context: Context<Client>,
  resources: EphemeralResources<Client>,
  request: wire.CloseEphemeralResource_Request,
): Promise<wire.CloseEphemeralResource_Response> =>
  guard<wire.CloseEphemeralResource_Response>("CloseEphemeralResource", {}, async () => {
    const resource = find(resources, "ephemeral resource", request.typeName);
    if (resource.close === undefined) return { diagnostics: [] };
    return {
      diagnostics: await resource.close({
        privateState: decodePrivate(request.private),
        client: configured(context),
      }),
    };
  });

const leaseFields = ({ renewAt, privateState }: Lease) => ({
  renewAt: renewAt === undefined ? undefined : new Date(renewAt),
  private: privateState && encodePrivate(privateState),
});
