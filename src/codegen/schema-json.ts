/**
 * The JSON of `terraform providers schema -json`: what the official binding generators take, what
 * the docs are made from, and what a test compares with a real CLI's answer.
 *
 * As in the CLI's own output, a false flag and an empty text are left out, and names are in order.
 */
import type * as wire from "../plugin/tfplugin6/generated/tfplugin6.js";

export interface ProvidersSchemaJson {
  readonly format_version: "1.0";
  readonly provider_schemas: Readonly<Record<string, ProviderSchemaJson>>;
}

export interface ProviderSchemaJson {
  readonly provider: SchemaJson;
  readonly resource_schemas?: Readonly<Record<string, SchemaJson>>;
  readonly data_source_schemas?: Readonly<Record<string, SchemaJson>>;
  readonly ephemeral_resource_schemas?: Readonly<Record<string, SchemaJson>>;
  readonly functions?: Readonly<Record<string, FunctionJson>>;
  readonly resource_identity_schemas?: Readonly<Record<string, IdentityJson>>;
}

export interface SchemaJson {
  readonly version: number;
  readonly block: {
    readonly attributes?: Readonly<Record<string, AttributeJson>>;
    readonly description?: string;
    readonly description_kind: "markdown";
    readonly deprecated?: true;
  };
}

export interface AttributeJson {
  readonly type: unknown;
  readonly description?: string;
  readonly description_kind: "markdown";
  readonly deprecated?: true;
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
  readonly sensitive?: true;
  readonly write_only?: true;
}

export interface FunctionJson {
  readonly description?: string;
  readonly summary?: string;
  readonly deprecation_message?: string;
  readonly return_type: unknown;
  readonly parameters?: readonly ParameterJson[];
  readonly variadic_parameter?: ParameterJson;
}

export interface ParameterJson {
  readonly name: string;
  readonly description?: string;
  readonly is_nullable?: true;
  readonly type: unknown;
}

export interface IdentityJson {
  readonly version: number;
  readonly attributes: Readonly<
    Record<
      string,
      {
        readonly type: unknown;
        readonly description?: string;
        readonly required_for_import?: true;
        readonly optional_for_import?: true;
      }
    >
  >;
}

/**
 * @param address the provider's full source address, such as registry.terraform.io/polyai/polyai.
 * @param identities identity schemas; a CLI older than 1.12 leaves them out of its answer.
 */
export const providersSchemaJson = (
  address: string,
  response: wire.GetProviderSchema_Response,
  identities: Readonly<Record<string, wire.ResourceIdentitySchema>> = {},
): ProvidersSchemaJson => ({
  format_version: "1.0",
  provider_schemas: {
    [address]: {
      provider: schemaJson(response.provider ?? {}),
      ...named("resource_schemas", response.resourceSchemas, schemaJson),
      ...named("data_source_schemas", response.dataSourceSchemas, schemaJson),
      ...named("ephemeral_resource_schemas", response.ephemeralResourceSchemas, schemaJson),
      ...named("functions", response.functions, functionJson),
      ...named("resource_identity_schemas", identities, identityJson),
    },
  },
});

export const schemaJson = ({ version = 0, block = {} }: wire.Schema): SchemaJson => ({
  version,
  block: {
    ...named("attributes", byName(block.attributes), attributeJson),
    ...text("description", block.description),
    description_kind: "markdown",
    ...flag("deprecated", block.deprecated),
  },
});

const attributeJson = (attribute: wire.Schema_Attribute): AttributeJson => ({
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

const functionJson = ({ parameters = [], ...signature }: wire.FunctionMessage): FunctionJson => ({
  ...text("description", signature.description),
  ...text("summary", signature.summary),
  ...text("deprecation_message", signature.deprecationMessage),
  return_type: typeJson(signature.return?.type),
  ...(parameters.length > 0 && { parameters: parameters.map(parameterJson) }),
  ...(signature.variadicParameter !== undefined && {
    variadic_parameter: parameterJson(signature.variadicParameter),
  }),
});

const parameterJson = ({ name = "", ...parameter }: wire.Function_Parameter): ParameterJson => ({
  name,
  ...text("description", parameter.description),
  ...flag("is_nullable", parameter.allowNullValue),
  type: typeJson(parameter.type),
});

const identityJson = (identity: wire.ResourceIdentitySchema): IdentityJson => ({
  version: identity.version ?? 0,
  attributes: Object.fromEntries(
    Object.entries(byName(identity.identityAttributes)).map(([name, attribute]) => [
      name,
      {
        type: typeJson(attribute.type),
        ...text("description", attribute.description),
        ...flag("required_for_import", attribute.requiredForImport),
        ...flag("optional_for_import", attribute.optionalForImport),
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

/** A map in order of name; left out where it is empty. */
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
