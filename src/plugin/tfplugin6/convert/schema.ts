import type { Type } from "../../cty/type.js";
import { typeToJson } from "../../cty/type-json.js";
import type { Schema } from "../../schema/schema.js";
import type {
  FunctionParameter,
  FunctionSignature,
  GetProviderSchemaResponse,
  IdentitySchema,
} from "../../server/messages.js";
import type { Init } from "../codec.js";
import * as wire from "../generated/tfplugin6.js";
import { diagnosticsToWire } from "./diagnostic.js";

export const providerSchemaToWire = (
  response: GetProviderSchemaResponse,
): Init<wire.GetProviderSchemaResponse> => ({
  provider: schemaToWire(response.provider),
  resourceSchemas: mapValues(response.resourceSchemas, schemaToWire),
  dataSourceSchemas: mapValues(response.dataSourceSchemas, schemaToWire),
  ephemeralResourceSchemas: mapValues(response.ephemeralResourceSchemas, schemaToWire),
  functions: mapValues(response.functions, functionToWire),
  serverCapabilities: response.serverCapabilities,
  diagnostics: diagnosticsToWire(response.diagnostics),
});

export const schemaToWire = (schema: Schema): Init<wire.Schema> => ({
  version: schema.version,
  block: {
    // As Terraform's own framework does, the block repeats its schema's version.
    version: schema.version,
    description: schema.description,
    descriptionKind: wire.StringKind.MARKDOWN,
    deprecated: schema.deprecated ?? false,
    attributes: schema.attributes.map(({ type, ...attribute }) => ({
      ...attribute,
      type: typeToBytes(type),
      descriptionKind: wire.StringKind.MARKDOWN,
    })),
  },
});

export const identitySchemaToWire = (
  schema: IdentitySchema,
): Init<wire.ResourceIdentitySchema> => ({
  version: schema.version,
  identityAttributes: schema.identityAttributes.map(({ type, ...attribute }) => ({
    ...attribute,
    type: typeToBytes(type),
  })),
});

export const functionToWire = (signature: FunctionSignature): Init<wire.Function> => ({
  parameters: signature.parameters.map(parameterToWire),
  ...(signature.variadicParameter === undefined
    ? {}
    : { variadicParameter: parameterToWire(signature.variadicParameter) }),
  return: { type: typeToBytes(signature.returnType) },
  summary: signature.summary,
  description: signature.description,
  descriptionKind: wire.StringKind.MARKDOWN,
  deprecationMessage: signature.deprecationMessage,
});

const parameterToWire = ({
  type,
  ...parameter
}: FunctionParameter): Init<wire.FunctionParameter> => ({
  ...parameter,
  type: typeToBytes(type),
  descriptionKind: wire.StringKind.MARKDOWN,
});

const typeToBytes = (type: Type): Uint8Array => Buffer.from(JSON.stringify(typeToJson(type)));

export const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A) => B,
): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
