/**
 * The JSON of `terraform providers schema -json`: what the official binding generators take, what
 * the docs are made from, and what a test compares with a real CLI's answer.
 *
 * As in the CLI's own output, a false flag and an empty text are left out, and names are in order.
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
      ...named("resource_schemas", response.resourceSchemas, schemaJson),
      ...named("data_source_schemas", response.dataSourceSchemas, schemaJson),
      ...named("ephemeral_resource_schemas", response.ephemeralResourceSchemas, schemaJson),
      ...named("list_resource_schemas", response.listResourceSchemas, schemaJson),
      ...named("functions", response.functions, functionJson),
      ...named("resource_identity_schemas", identities, identityJson),
    },
  },
});

const schemaJson = ({ version = 0, block = {} }: wire.Schema) => ({
  version,
  block: {
    ...named("attributes", byName(block.attributes), attributeJson),
    ...text("description", block.description),
    description_kind: "markdown",
  },
});

const attributeJson = (attribute: wire.Schema_Attribute) => ({
  type: typeJson(attribute.type),
  ...text("description", attribute.description),
  description_kind: "markdown",
  ...flag("deprecated", attribute.deprecated),
  ...flag("required", attribute.required),
  ...flag("optional", attribute.optional),
  ...flag("computed", attribute.computed),
  ...flag("sensitive", attribute.sensitive),
  ...flag("write_only", attribute.writeOnly),
});

const functionJson = ({ parameters = [], ...signature }: wire.FunctionMessage) => ({
  ...text("description", signature.description),
  ...text("summary", signature.summary),
  return_type: typeJson(signature.return?.type),
  ...(parameters.length > 0 && { parameters: parameters.map(parameterJson) }),
});

const parameterJson = ({ name = "", ...parameter }: wire.Function_Parameter) => ({
  name,
  ...text("description", parameter.description),
  type: typeJson(parameter.type),
});

const identityJson = (identity: wire.ResourceIdentitySchema) => ({
  version: identity.version ?? 0,
  attributes: Object.fromEntries(
    Object.entries(byName(identity.identityAttributes)).map(([name, attribute]) => [
      name,
      {
        type: typeJson(attribute.type),
        ...text("description", attribute.description),
        ...flag("required_for_import", attribute.requiredForImport),
      },
    ]),
  ),
});

const typeJson = (bytes: Uint8Array = new Uint8Array()): unknown =>
  JSON.parse(Buffer.from(bytes).toString());

const byName = <T extends { readonly name?: string | undefined }>(
  items: readonly T[] = [],
): Readonly<Record<string, T>> => Object.fromEntries(items.map((item) => [item.name ?? "", item]));

const flag = <K extends string>(name: K, value: boolean | undefined): { [P in K]?: true } =>
  (value === true ? { [name]: true } : {}) as { [P in K]?: true };

const text = <K extends string>(name: K, value = ""): { [P in K]?: string } =>
  (value === "" ? {} : { [name]: value }) as { [P in K]?: string };

/** A map in order of name; left out if it is empty. */
const named = <K extends string, T, J>(
  name: K,
  items: Readonly<Record<string, T>> = {},
  toJson: (item: T) => J,
): { [P in K]?: Readonly<Record<string, J>> } => {
  const entries = Object.entries(items)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, toJson(item)] as const);
  const map = entries.length === 0 ? {} : { [name]: Object.fromEntries(entries) };
  return map as { [P in K]?: Readonly<Record<string, J>> };
};
