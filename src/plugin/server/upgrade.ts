import { decodeJson, jsonObject } from "../cty/json.js";
import type { ObjectValue } from "../cty/value.js";
import { error, DiagnosticError } from "../framework/diagnostic.js";
import type { Resource } from "../framework/resource.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { find, type Context } from "./context.js";
import { encodeObject } from "./encoding.js";
import { guard } from "./guard.js";

export const upgradeResourceState = <Client>(
  context: Context<Client>,
  request: wire.UpgradeResourceState_Request,
): Promise<wire.UpgradeResourceState_Response> =>
  guard<wire.UpgradeResourceState_Response>("UpgradeResourceState", {}, () => {
    const resource = find(context.resources, "resource", request.typeName);
    const json = request.rawState?.json;
    if (json === undefined || json.length === 0) {
      throw new DiagnosticError(
        error(
          "State written by Terraform 0.11 or earlier",
          `The state of this ${resource.typeName} is in a form that only Terraform before 0.12 wrote. Apply it once with Terraform 0.12 or later and an older provider, or import the resource anew.`,
        ),
      );
    }
    // Attributes that are gone are dropped, and attributes that are new are null.
    const stored = upgraded(resource, request.version ?? 0, json);
    const state = decodeJson(stored, resource.schema.type, {
      lenient: true,
    }) as ObjectValue | null;
    return { upgradedState: encodeObject(state, resource.schema) };
  });

/** Brings a stored state from the version that it has to the current one. */
function upgraded<Client>(
  { typeName, schema, upgradeState = {} }: Resource<Client>,
  version: number,
  json: Uint8Array,
): Uint8Array {
  const current = schema.version;
  const upgrade = upgradeState[version];
  if (version === current && upgrade === undefined) return json;
  if (version > current || upgrade === undefined) {
    throw new DiagnosticError(
      error(
        "State of another provider version",
        version > current
          ? `This ${typeName} was last written by a newer version of the provider (schema version ${String(version)}; this one knows ${String(current)}). Upgrade the provider.`
          : `This ${typeName} was written at schema version ${String(version)}, which this version of the provider cannot upgrade. Use an older version first.`,
      ),
    );
  }
  return Buffer.from(JSON.stringify(upgrade(jsonObject(json))), "utf8");
}
