/**
 * Resource identity (protocol 6.9): what names an object for as long as it lives, stored beside
 * its state. Here it is one string, which the state holds as well, so it is derived from the state
 * and never asked of a handler. A host that does not know identities skips these fields.
 */
import { decodeJson } from "../cty/json.js";
import { object, STRING } from "../cty/type.js";
import type { ObjectValue } from "../cty/value.js";
import { error, DiagnosticError } from "../framework/diagnostic.js";
import type { Resource } from "../framework/resource.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { find, type Context } from "./context.js";
import { decodeValue, encodeValue } from "./encoding.js";
import { guard } from "./guard.js";
import { typeToWire } from "./schemas.js";

/** No identity has had another shape yet. */
const VERSION = 0;

const typeOf = (attribute: string) => object({ [attribute]: STRING });

/** @throws Error where a resource's identity is no string attribute of it: a fault in the provider. */
export const identitySchemas = <Client>(
  resources: ReadonlyMap<string, Resource<Client>>,
): Readonly<Record<string, wire.ResourceIdentitySchema>> =>
  Object.fromEntries(
    [...resources.values()].flatMap(({ typeName, identity, schema }) => {
      if (identity === undefined) return [];
      const attribute = schema.attributes[identity];
      if (attribute?.type.cty.kind !== "string") {
        throw new Error(`the identity of ${typeName} is no string attribute of it`);
      }
      const { description } = attribute.options;
      const type = typeToWire(STRING);
      const only = { name: identity, type, description, requiredForImport: true };
      return [[typeName, { version: VERSION, identityAttributes: [only] }]];
    }),
  );

/**
 * The identity of the object that a state describes, null where there is none; undefined for a
 * resource without identity.
 */
export function identityOf<Client>(
  { identity }: Resource<Client>,
  state: ObjectValue | null,
): wire.ResourceIdentityData | undefined {
  if (identity === undefined) return undefined;
  const name = state?.[identity] ?? null;
  return {
    identityData: encodeValue(name === null ? null : { [identity]: name }, typeOf(identity)),
  };
}

/** The object to import: the host gives either an id or an identity. */
export function importIdOf<Client>(
  { typeName, identity }: Resource<Client>,
  { id = "", identity: given }: wire.ImportResourceState_Request,
): string {
  if (given === undefined) return id;
  const name =
    identity === undefined
      ? undefined
      : (decodeValue(given.identityData, typeOf(identity)) as ObjectValue | null)?.[identity];
  if (typeof name === "string") return name;
  throw new DiagnosticError(
    error(
      "Import by identity not understood",
      identity === undefined
        ? `${typeName} has no resource identity: import it by id.`
        : `The identity of ${typeName} is its ${identity}, a string that must be known.`,
    ),
  );
}

export const upgradeResourceIdentity = <Client>(
  context: Context<Client>,
  { typeName = "", version = 0, rawIdentity }: wire.UpgradeResourceIdentity_Request,
): Promise<wire.UpgradeResourceIdentity_Response> =>
  guard<wire.UpgradeResourceIdentity_Response>("UpgradeResourceIdentity", {}, () => {
    const { identity } = find(context.resources, "resource", typeName);
    const json = rawIdentity?.json;
    if (identity === undefined || json === undefined || json.length === 0) {
      throw new DiagnosticError(
        error("No resource identity", `${typeName} has no resource identity to upgrade.`),
      );
    }
    if (version !== VERSION) {
      throw new DiagnosticError(
        error(
          "Identity of another provider version",
          `The identity of this ${typeName} was last written by a newer version of the provider (identity version ${String(version)}; this one knows ${String(VERSION)}). Upgrade the provider.`,
        ),
      );
    }
    const type = typeOf(identity);
    const value = decodeJson(json, type, { lenient: true });
    return { upgradedIdentity: { identityData: encodeValue(value, type) } };
  });
