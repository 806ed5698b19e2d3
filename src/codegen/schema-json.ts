/**
 * The JSON of `terraform providers schema -json`: what the official binding generators take, what
 * the docs are made from, and what a test compares with a real CLI's answer.
 *
 * As in the CLI's own output, a false flag and an empty text are left out, and names are in order.
 */
import { typeToJson } from "../plugin/cty/type-json.js";
import type { Schema, SchemaAttribute } from "../plugin/schema/schema.js";
import type {
  FunctionParameter,
  FunctionSignature,
  GetProviderSchemaResponse,
  IdentitySchema,
} from "../plugin/server/messages.js";

export type ProvidersSchemaJson = ReturnType<typeof providersSchemaJson>;
export type ProviderSchemaJson = ProvidersSchemaJson["provider_schemas"][string];
export type SchemaJson = ReturnType<typeof schemaJson>;
export type AttributeJson = ReturnType<typeof attributeJson>;
export type FunctionJson = ReturnType<typeof functionJson>;
export type ParameterJson = ReturnType<typeof parameterJson>;

/**
 * @param address the provider's full source address, such as registry.terraform.io/polyai/polyai.
 * @param identities identity schemas; a CLI older than 1.12 leaves them out of its answer.
 */
export const providersSchemaJson = (
  address: string,
  response: GetProviderSchemaResponse,
  identities: Readonly<Record<string, IdentitySchema>> = {},
) => ({
  format_version: "1.0",
  provider_schemas: {
    [address]: {
      provider: schemaJson(response.provider),
      ...named("resource_schemas", response.resourceSchemas, schemaJson),
      ...named("data_source_schemas", response.dataSourceSchemas, schemaJson),
      ...named("ephemeral_resource_schemas", response.ephemeralResourceSchemas, schemaJson),
      ...named("functions", response.functions, functionJson),
      ...named("resource_identity_schemas", identities, identityJson),
    },
  },
});

export const schemaJson = (schema: Schema) => ({
  version: schema.version,
  block: {
    ...(schema.attributes.length > 0 && {
      attributes: Object.fromEntries(
        [...schema.attributes]
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map((attribute) => [attribute.name, attributeJson(attribute)]),
      ),
    }),
    ...text("description", schema.description),
    description_kind: "markdown",
    ...flag("deprecated", schema.deprecated),
  },
});

const attributeJson = (attribute: SchemaAttribute) => ({
  type: typeToJson(attribute.type),
  ...text("description", attribute.description),
  description_kind: "markdown",
  ...flag("deprecated", attribute.deprecated),
  ...flag("required", attribute.required),
  ...flag("optional", attribute.optional),
  ...flag("computed", attribute.computed),
  ...flag("sensitive", attribute.sensitive),
  ...flag("write_only", attribute.writeOnly),
});

const functionJson = (signature: FunctionSignature) => ({
  ...text("description", signature.description),
  ...text("summary", signature.summary),
  ...text("deprecation_message", signature.deprecationMessage),
  return_type: typeToJson(signature.returnType),
  ...(signature.parameters.length > 0 && { parameters: signature.parameters.map(parameterJson) }),
  ...(signature.variadicParameter !== undefined && {
    variadic_parameter: parameterJson(signature.variadicParameter),
  }),
});

const parameterJson = (parameter: FunctionParameter) => ({
  name: parameter.name,
  ...text("description", parameter.description),
  ...flag("is_nullable", parameter.allowNullValue),
  type: typeToJson(parameter.type),
});

const identityJson = (identity: IdentitySchema) => ({
  version: identity.version,
  attributes: Object.fromEntries(
    identity.identityAttributes.map((attribute) => [
      attribute.name,
      {
        type: typeToJson(attribute.type),
        ...text("description", attribute.description),
        ...flag("required_for_import", attribute.requiredForImport),
        ...flag("optional_for_import", attribute.optionalForImport),
      },
    ]),
  ),
});

const flag = <K extends string>(name: K, value: boolean | undefined): { [P in K]?: true } =>
  (value === true ? { [name]: true } : {}) as { [P in K]?: true };

const text = <K extends string>(name: K, value: string): { [P in K]?: string } =>
  (value === "" ? {} : { [name]: value }) as { [P in K]?: string };

/** A map in order of name; left out if it is empty. */
const named = <K extends string, T, J>(
  name: K,
  items: Readonly<Record<string, T>>,
  toJson: (item: T) => J,
): { [P in K]?: Readonly<Record<string, J>> } => {
  const entries = Object.entries(items)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, toJson(item)] as const);
  const map = entries.length === 0 ? {} : { [name]: Object.fromEntries(entries) };
  return map as { [P in K]?: Readonly<Record<string, J>> };
};
