/**
 * The JSON of `terraform providers schema -json`: what the official binding generators take, what
 * the docs are made from, and what a test compares with a real CLI's answer.
 *
 * As in the CLI's own output, a false flag and an empty text are left out (JSON has no undefined),
 * and names are in order.
 */
import type * as wire from "../plugin/tfplugin6/generated/tfplugin6.js";

export type ProvidersSchemaJson = ReturnType<typeof providersSchemaJson>;
export type ProviderSchemaJson = ProvidersSchemaJson["provider_schemas"][string];
export type SchemaJson = ReturnType<typeof schemaJson>;
export type AttributeJson = ReturnType<typeof attributeJson>;
export type FunctionJson = ReturnType<typeof functionJson>;
export type ParameterJson = ReturnType<typeof parameterJson>;

/**
 * @param address the provider's full source address.
 * @param identities identity schemas; a CLI older than 1.12 leaves them out of its answer.
 */
export const providersSchemaJson = (
  address: string,
  response: wire.GetProviderSchema_Response,
  identities: Readonly<Record<string, wire.ResourceIdentitySchema>> = {},
) => ({
  format_version: "1.0",
  provider_schemas: {
    [address]: {
      provider: schemaJson(response.provider ?? {}),
      resource_schemas: mapped(response.resourceSchemas, schemaJson),
      data_source_schemas: mapped(response.dataSourceSchemas, schemaJson),
      ephemeral_resource_schemas: mapped(response.ephemeralResourceSchemas, schemaJson),
      list_resource_schemas: mapped(response.listResourceSchemas, schemaJson),
      functions: mapped(response.functions, functionJson),
      resource_identity_schemas: mapped(identities, identityJson),
    },
  },
});

const schemaJson = ({ version = 0, block = {} }: wire.Schema) => ({
  version,
  block: {
    attributes: mapped(byName(block.attributes), attributeJson),
    description: block.description || undefined,
    description_kind: "markdown",
  },
});

const attributeJson = (attribute: wire.Schema_Attribute) => ({
  type: typeJson(attribute.type),
  description: attribute.description || undefined,
  description_kind: "markdown",
  required: attribute.required || undefined,
  optional: attribute.optional || undefined,
  computed: attribute.computed || undefined,
  sensitive: attribute.sensitive || undefined,
  write_only: attribute.writeOnly || undefined,
});

const functionJson = ({ parameters = [], ...signature }: wire.FunctionMessage) => ({
  description: signature.description || undefined,
  summary: signature.summary || undefined,
  return_type: typeJson(signature.return?.type),
  parameters: parameters.length > 0 ? parameters.map(parameterJson) : undefined,
});

const parameterJson = ({ name = "", ...parameter }: wire.Function_Parameter) => ({
  name,
  description: parameter.description || undefined,
  type: typeJson(parameter.type),
});

const identityJson = (identity: wire.ResourceIdentitySchema) => ({
  version: identity.version ?? 0,
  attributes: Object.fromEntries(
    Object.entries(byName(identity.identityAttributes)).map(([name, attribute]) => [
      name,
      {
        type: typeJson(attribute.type),
        description: attribute.description || undefined,
        required_for_import: attribute.requiredForImport || undefined,
      },
    ]),
  ),
});

const typeJson = (bytes: Uint8Array = new Uint8Array()): unknown =>
  JSON.parse(Buffer.from(bytes).toString());

const byName = <T extends { readonly name?: string | undefined }>(
  items: readonly T[] = [],
): Readonly<Record<string, T>> => Object.fromEntries(items.map((item) => [item.name ?? "", item]));

/** A map in order of name; undefined if it is empty. */
function mapped<T, J>(
  items: Readonly<Record<string, T>> = {},
  toJson: (item: T) => J,
): Readonly<Record<string, J>> | undefined {
  const entries = Object.entries(items).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, item]) => [name, toJson(item)]));
}
