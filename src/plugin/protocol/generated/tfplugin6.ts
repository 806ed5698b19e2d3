// Made by scripts/generate-protocol.mjs from tfplugin6.proto. Do not edit.

import { MessageType } from "../codec.js";

export interface DynamicValue {
  readonly msgpack: Uint8Array;
  readonly json: Uint8Array;
}
export const DynamicValue: MessageType<DynamicValue> = /* @__PURE__ */ new MessageType("tfplugin6.DynamicValue", () => [
  [1, "msgpack", "bytes"],
  [2, "json", "bytes"],
]);

export interface RawState {
  readonly json: Uint8Array;
  readonly flatmap: Readonly<Record<string, string>>;
}
export const RawState: MessageType<RawState> = /* @__PURE__ */ new MessageType("tfplugin6.RawState", () => [
  [1, "json", "bytes"],
  [2, "flatmap", "string", "map"],
]);

export interface ResourceIdentityData {
  readonly identityData?: DynamicValue;
}
export const ResourceIdentityData: MessageType<ResourceIdentityData> = /* @__PURE__ */ new MessageType("tfplugin6.ResourceIdentityData", () => [
  [1, "identityData", DynamicValue, "explicit"],
]);

export interface Diagnostic {
  readonly severity: number;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePath;
}
export const Diagnostic: MessageType<Diagnostic> = /* @__PURE__ */ new MessageType("tfplugin6.Diagnostic", () => [
  [1, "severity", "int32"],
  [2, "summary", "string"],
  [3, "detail", "string"],
  [4, "attribute", AttributePath, "explicit"],
]);

export const DiagnosticSeverity = {
  INVALID: 0,
  ERROR: 1,
  WARNING: 2,
} as const;

export interface AttributePath {
  readonly steps: readonly AttributePathStep[];
}
export const AttributePath: MessageType<AttributePath> = /* @__PURE__ */ new MessageType("tfplugin6.AttributePath", () => [
  [1, "steps", AttributePathStep, "repeated"],
]);

export interface AttributePathStep {
  readonly attributeName?: string;
  readonly elementKeyString?: string;
  readonly elementKeyInt?: number;
}
export const AttributePathStep: MessageType<AttributePathStep> = /* @__PURE__ */ new MessageType("tfplugin6.AttributePath.Step", () => [
  [1, "attributeName", "string", "explicit", "selector"],
  [2, "elementKeyString", "string", "explicit", "selector"],
  [3, "elementKeyInt", "int64", "explicit", "selector"],
]);

export interface FunctionError {
  readonly text: string;
  readonly functionArgument?: number;
}
export const FunctionError: MessageType<FunctionError> = /* @__PURE__ */ new MessageType("tfplugin6.FunctionError", () => [
  [1, "text", "string"],
  [2, "functionArgument", "int64", "explicit"],
]);

export const StringKind = {
  PLAIN: 0,
  MARKDOWN: 1,
} as const;

export interface Schema {
  readonly version: number;
  readonly block?: SchemaBlock;
}
export const Schema: MessageType<Schema> = /* @__PURE__ */ new MessageType("tfplugin6.Schema", () => [
  [1, "version", "int64"],
  [2, "block", SchemaBlock, "explicit"],
]);

export interface SchemaBlock {
  readonly version: number;
  readonly attributes: readonly SchemaAttribute[];
  readonly description: string;
  readonly descriptionKind: number;
  readonly deprecated: boolean;
}
export const SchemaBlock: MessageType<SchemaBlock> = /* @__PURE__ */ new MessageType("tfplugin6.Schema.Block", () => [
  [1, "version", "int64"],
  [2, "attributes", SchemaAttribute, "repeated"],
  [4, "description", "string"],
  [5, "descriptionKind", "int32"],
  [6, "deprecated", "bool"],
]);

export interface SchemaAttribute {
  readonly name: string;
  readonly type: Uint8Array;
  readonly description: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly descriptionKind: number;
  readonly deprecated: boolean;
  readonly writeOnly: boolean;
}
export const SchemaAttribute: MessageType<SchemaAttribute> = /* @__PURE__ */ new MessageType("tfplugin6.Schema.Attribute", () => [
  [1, "name", "string"],
  [2, "type", "bytes"],
  [3, "description", "string"],
  [4, "required", "bool"],
  [5, "optional", "bool"],
  [6, "computed", "bool"],
  [7, "sensitive", "bool"],
  [8, "descriptionKind", "int32"],
  [9, "deprecated", "bool"],
  [11, "writeOnly", "bool"],
]);

export interface ResourceIdentitySchema {
  readonly version: number;
  readonly identityAttributes: readonly ResourceIdentitySchemaIdentityAttribute[];
}
export const ResourceIdentitySchema: MessageType<ResourceIdentitySchema> = /* @__PURE__ */ new MessageType("tfplugin6.ResourceIdentitySchema", () => [
  [1, "version", "int64"],
  [2, "identityAttributes", ResourceIdentitySchemaIdentityAttribute, "repeated"],
]);

export interface ResourceIdentitySchemaIdentityAttribute {
  readonly name: string;
  readonly type: Uint8Array;
  readonly requiredForImport: boolean;
  readonly optionalForImport: boolean;
  readonly description: string;
}
export const ResourceIdentitySchemaIdentityAttribute: MessageType<ResourceIdentitySchemaIdentityAttribute> = /* @__PURE__ */ new MessageType("tfplugin6.ResourceIdentitySchema.IdentityAttribute", () => [
  [1, "name", "string"],
  [2, "type", "bytes"],
  [3, "requiredForImport", "bool"],
  [4, "optionalForImport", "bool"],
  [5, "description", "string"],
]);

export interface Function {
  readonly parameters: readonly FunctionParameter[];
  readonly variadicParameter?: FunctionParameter;
  readonly return?: FunctionReturn;
  readonly summary: string;
  readonly description: string;
  readonly descriptionKind: number;
  readonly deprecationMessage: string;
}
export const Function: MessageType<Function> = /* @__PURE__ */ new MessageType("tfplugin6.Function", () => [
  [1, "parameters", FunctionParameter, "repeated"],
  [2, "variadicParameter", FunctionParameter, "explicit"],
  [3, "return", FunctionReturn, "explicit"],
  [4, "summary", "string"],
  [5, "description", "string"],
  [6, "descriptionKind", "int32"],
  [7, "deprecationMessage", "string"],
]);

export interface FunctionParameter {
  readonly name: string;
  readonly type: Uint8Array;
  readonly allowNullValue: boolean;
  readonly allowUnknownValues: boolean;
  readonly description: string;
  readonly descriptionKind: number;
}
export const FunctionParameter: MessageType<FunctionParameter> = /* @__PURE__ */ new MessageType("tfplugin6.Function.Parameter", () => [
  [1, "name", "string"],
  [2, "type", "bytes"],
  [3, "allowNullValue", "bool"],
  [4, "allowUnknownValues", "bool"],
  [5, "description", "string"],
  [6, "descriptionKind", "int32"],
]);

export interface FunctionReturn {
  readonly type: Uint8Array;
}
export const FunctionReturn: MessageType<FunctionReturn> = /* @__PURE__ */ new MessageType("tfplugin6.Function.Return", () => [
  [1, "type", "bytes"],
]);

export interface ServerCapabilities {
  readonly planDestroy: boolean;
  readonly getProviderSchemaOptional: boolean;
  readonly moveResourceState: boolean;
}
export const ServerCapabilities: MessageType<ServerCapabilities> = /* @__PURE__ */ new MessageType("tfplugin6.ServerCapabilities", () => [
  [1, "planDestroy", "bool"],
  [2, "getProviderSchemaOptional", "bool"],
  [3, "moveResourceState", "bool"],
]);

export interface ClientCapabilities {
  readonly deferralAllowed: boolean;
  readonly writeOnlyAttributesAllowed: boolean;
}
export const ClientCapabilities: MessageType<ClientCapabilities> = /* @__PURE__ */ new MessageType("tfplugin6.ClientCapabilities", () => [
  [1, "deferralAllowed", "bool"],
  [2, "writeOnlyAttributesAllowed", "bool"],
]);

export type GetMetadata = Record<never, never>;
export const GetMetadata: MessageType<GetMetadata> = /* @__PURE__ */ new MessageType("tfplugin6.GetMetadata", () => [

]);

export type GetMetadataRequest = Record<never, never>;
export const GetMetadataRequest: MessageType<GetMetadataRequest> = /* @__PURE__ */ new MessageType("tfplugin6.GetMetadata.Request", () => [

]);

export interface GetMetadataFunctionMetadata {
  readonly name: string;
}
export const GetMetadataFunctionMetadata: MessageType<GetMetadataFunctionMetadata> = /* @__PURE__ */ new MessageType("tfplugin6.GetMetadata.FunctionMetadata", () => [
  [1, "name", "string"],
]);

export interface GetMetadataDataSourceMetadata {
  readonly typeName: string;
}
export const GetMetadataDataSourceMetadata: MessageType<GetMetadataDataSourceMetadata> = /* @__PURE__ */ new MessageType("tfplugin6.GetMetadata.DataSourceMetadata", () => [
  [1, "typeName", "string"],
]);

export interface GetMetadataResourceMetadata {
  readonly typeName: string;
}
export const GetMetadataResourceMetadata: MessageType<GetMetadataResourceMetadata> = /* @__PURE__ */ new MessageType("tfplugin6.GetMetadata.ResourceMetadata", () => [
  [1, "typeName", "string"],
]);

export interface GetMetadataEphemeralResourceMetadata {
  readonly typeName: string;
}
export const GetMetadataEphemeralResourceMetadata: MessageType<GetMetadataEphemeralResourceMetadata> = /* @__PURE__ */ new MessageType("tfplugin6.GetMetadata.EphemeralResourceMetadata", () => [
  [1, "typeName", "string"],
]);

export interface GetMetadataResponse {
  readonly serverCapabilities?: ServerCapabilities;
  readonly diagnostics: readonly Diagnostic[];
  readonly dataSources: readonly GetMetadataDataSourceMetadata[];
  readonly resources: readonly GetMetadataResourceMetadata[];
  readonly functions: readonly GetMetadataFunctionMetadata[];
  readonly ephemeralResources: readonly GetMetadataEphemeralResourceMetadata[];
}
export const GetMetadataResponse: MessageType<GetMetadataResponse> = /* @__PURE__ */ new MessageType("tfplugin6.GetMetadata.Response", () => [
  [1, "serverCapabilities", ServerCapabilities, "explicit"],
  [2, "diagnostics", Diagnostic, "repeated"],
  [3, "dataSources", GetMetadataDataSourceMetadata, "repeated"],
  [4, "resources", GetMetadataResourceMetadata, "repeated"],
  [5, "functions", GetMetadataFunctionMetadata, "repeated"],
  [6, "ephemeralResources", GetMetadataEphemeralResourceMetadata, "repeated"],
]);

export type GetProviderSchema = Record<never, never>;
export const GetProviderSchema: MessageType<GetProviderSchema> = /* @__PURE__ */ new MessageType("tfplugin6.GetProviderSchema", () => [

]);

export type GetProviderSchemaRequest = Record<never, never>;
export const GetProviderSchemaRequest: MessageType<GetProviderSchemaRequest> = /* @__PURE__ */ new MessageType("tfplugin6.GetProviderSchema.Request", () => [

]);

export interface GetProviderSchemaResponse {
  readonly provider?: Schema;
  readonly resourceSchemas: Readonly<Record<string, Schema>>;
  readonly dataSourceSchemas: Readonly<Record<string, Schema>>;
  readonly diagnostics: readonly Diagnostic[];
  readonly serverCapabilities?: ServerCapabilities;
  readonly functions: Readonly<Record<string, Function>>;
  readonly ephemeralResourceSchemas: Readonly<Record<string, Schema>>;
}
export const GetProviderSchemaResponse: MessageType<GetProviderSchemaResponse> = /* @__PURE__ */ new MessageType("tfplugin6.GetProviderSchema.Response", () => [
  [1, "provider", Schema, "explicit"],
  [2, "resourceSchemas", Schema, "map"],
  [3, "dataSourceSchemas", Schema, "map"],
  [4, "diagnostics", Diagnostic, "repeated"],
  [6, "serverCapabilities", ServerCapabilities, "explicit"],
  [7, "functions", Function, "map"],
  [8, "ephemeralResourceSchemas", Schema, "map"],
]);

export type GetResourceIdentitySchemas = Record<never, never>;
export const GetResourceIdentitySchemas: MessageType<GetResourceIdentitySchemas> = /* @__PURE__ */ new MessageType("tfplugin6.GetResourceIdentitySchemas", () => [

]);

export type GetResourceIdentitySchemasRequest = Record<never, never>;
export const GetResourceIdentitySchemasRequest: MessageType<GetResourceIdentitySchemasRequest> = /* @__PURE__ */ new MessageType("tfplugin6.GetResourceIdentitySchemas.Request", () => [

]);

export interface GetResourceIdentitySchemasResponse {
  readonly identitySchemas: Readonly<Record<string, ResourceIdentitySchema>>;
  readonly diagnostics: readonly Diagnostic[];
}
export const GetResourceIdentitySchemasResponse: MessageType<GetResourceIdentitySchemasResponse> = /* @__PURE__ */ new MessageType("tfplugin6.GetResourceIdentitySchemas.Response", () => [
  [1, "identitySchemas", ResourceIdentitySchema, "map"],
  [2, "diagnostics", Diagnostic, "repeated"],
]);

export type ValidateProviderConfig = Record<never, never>;
export const ValidateProviderConfig: MessageType<ValidateProviderConfig> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateProviderConfig", () => [

]);

export interface ValidateProviderConfigRequest {
  readonly config?: DynamicValue;
}
export const ValidateProviderConfigRequest: MessageType<ValidateProviderConfigRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateProviderConfig.Request", () => [
  [1, "config", DynamicValue, "explicit"],
]);

export interface ValidateProviderConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}
export const ValidateProviderConfigResponse: MessageType<ValidateProviderConfigResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateProviderConfig.Response", () => [
  [2, "diagnostics", Diagnostic, "repeated"],
]);

export type ConfigureProvider = Record<never, never>;
export const ConfigureProvider: MessageType<ConfigureProvider> = /* @__PURE__ */ new MessageType("tfplugin6.ConfigureProvider", () => [

]);

export interface ConfigureProviderRequest {
  readonly terraformVersion: string;
  readonly config?: DynamicValue;
  readonly clientCapabilities?: ClientCapabilities;
}
export const ConfigureProviderRequest: MessageType<ConfigureProviderRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ConfigureProvider.Request", () => [
  [1, "terraformVersion", "string"],
  [2, "config", DynamicValue, "explicit"],
  [3, "clientCapabilities", ClientCapabilities, "explicit"],
]);

export interface ConfigureProviderResponse {
  readonly diagnostics: readonly Diagnostic[];
}
export const ConfigureProviderResponse: MessageType<ConfigureProviderResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ConfigureProvider.Response", () => [
  [1, "diagnostics", Diagnostic, "repeated"],
]);

export type StopProvider = Record<never, never>;
export const StopProvider: MessageType<StopProvider> = /* @__PURE__ */ new MessageType("tfplugin6.StopProvider", () => [

]);

export type StopProviderRequest = Record<never, never>;
export const StopProviderRequest: MessageType<StopProviderRequest> = /* @__PURE__ */ new MessageType("tfplugin6.StopProvider.Request", () => [

]);

export interface StopProviderResponse {
  readonly error: string;
}
export const StopProviderResponse: MessageType<StopProviderResponse> = /* @__PURE__ */ new MessageType("tfplugin6.StopProvider.Response", () => [
  [1, "error", "string"],
]);

export type ValidateResourceConfig = Record<never, never>;
export const ValidateResourceConfig: MessageType<ValidateResourceConfig> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateResourceConfig", () => [

]);

export interface ValidateResourceConfigRequest {
  readonly typeName: string;
  readonly config?: DynamicValue;
  readonly clientCapabilities?: ClientCapabilities;
}
export const ValidateResourceConfigRequest: MessageType<ValidateResourceConfigRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateResourceConfig.Request", () => [
  [1, "typeName", "string"],
  [2, "config", DynamicValue, "explicit"],
  [3, "clientCapabilities", ClientCapabilities, "explicit"],
]);

export interface ValidateResourceConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}
export const ValidateResourceConfigResponse: MessageType<ValidateResourceConfigResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateResourceConfig.Response", () => [
  [1, "diagnostics", Diagnostic, "repeated"],
]);

export type UpgradeResourceState = Record<never, never>;
export const UpgradeResourceState: MessageType<UpgradeResourceState> = /* @__PURE__ */ new MessageType("tfplugin6.UpgradeResourceState", () => [

]);

export interface UpgradeResourceStateRequest {
  readonly typeName: string;
  readonly version: number;
  readonly rawState?: RawState;
}
export const UpgradeResourceStateRequest: MessageType<UpgradeResourceStateRequest> = /* @__PURE__ */ new MessageType("tfplugin6.UpgradeResourceState.Request", () => [
  [1, "typeName", "string"],
  [2, "version", "int64"],
  [3, "rawState", RawState, "explicit"],
]);

export interface UpgradeResourceStateResponse {
  readonly upgradedState?: DynamicValue;
  readonly diagnostics: readonly Diagnostic[];
}
export const UpgradeResourceStateResponse: MessageType<UpgradeResourceStateResponse> = /* @__PURE__ */ new MessageType("tfplugin6.UpgradeResourceState.Response", () => [
  [1, "upgradedState", DynamicValue, "explicit"],
  [2, "diagnostics", Diagnostic, "repeated"],
]);

export type UpgradeResourceIdentity = Record<never, never>;
export const UpgradeResourceIdentity: MessageType<UpgradeResourceIdentity> = /* @__PURE__ */ new MessageType("tfplugin6.UpgradeResourceIdentity", () => [

]);

export interface UpgradeResourceIdentityRequest {
  readonly typeName: string;
  readonly version: number;
  readonly rawIdentity?: RawState;
}
export const UpgradeResourceIdentityRequest: MessageType<UpgradeResourceIdentityRequest> = /* @__PURE__ */ new MessageType("tfplugin6.UpgradeResourceIdentity.Request", () => [
  [1, "typeName", "string"],
  [2, "version", "int64"],
  [3, "rawIdentity", RawState, "explicit"],
]);

export interface UpgradeResourceIdentityResponse {
  readonly upgradedIdentity?: ResourceIdentityData;
  readonly diagnostics: readonly Diagnostic[];
}
export const UpgradeResourceIdentityResponse: MessageType<UpgradeResourceIdentityResponse> = /* @__PURE__ */ new MessageType("tfplugin6.UpgradeResourceIdentity.Response", () => [
  [1, "upgradedIdentity", ResourceIdentityData, "explicit"],
  [2, "diagnostics", Diagnostic, "repeated"],
]);

export type ReadResource = Record<never, never>;
export const ReadResource: MessageType<ReadResource> = /* @__PURE__ */ new MessageType("tfplugin6.ReadResource", () => [

]);

export interface ReadResourceRequest {
  readonly typeName: string;
  readonly currentState?: DynamicValue;
  readonly private: Uint8Array;
  readonly providerMeta?: DynamicValue;
  readonly clientCapabilities?: ClientCapabilities;
  readonly currentIdentity?: ResourceIdentityData;
}
export const ReadResourceRequest: MessageType<ReadResourceRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ReadResource.Request", () => [
  [1, "typeName", "string"],
  [2, "currentState", DynamicValue, "explicit"],
  [3, "private", "bytes"],
  [4, "providerMeta", DynamicValue, "explicit"],
  [5, "clientCapabilities", ClientCapabilities, "explicit"],
  [6, "currentIdentity", ResourceIdentityData, "explicit"],
]);

export interface ReadResourceResponse {
  readonly newState?: DynamicValue;
  readonly diagnostics: readonly Diagnostic[];
  readonly private: Uint8Array;
  readonly newIdentity?: ResourceIdentityData;
}
export const ReadResourceResponse: MessageType<ReadResourceResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ReadResource.Response", () => [
  [1, "newState", DynamicValue, "explicit"],
  [2, "diagnostics", Diagnostic, "repeated"],
  [3, "private", "bytes"],
  [5, "newIdentity", ResourceIdentityData, "explicit"],
]);

export type PlanResourceChange = Record<never, never>;
export const PlanResourceChange: MessageType<PlanResourceChange> = /* @__PURE__ */ new MessageType("tfplugin6.PlanResourceChange", () => [

]);

export interface PlanResourceChangeRequest {
  readonly typeName: string;
  readonly priorState?: DynamicValue;
  readonly proposedNewState?: DynamicValue;
  readonly config?: DynamicValue;
  readonly priorPrivate: Uint8Array;
  readonly providerMeta?: DynamicValue;
  readonly clientCapabilities?: ClientCapabilities;
  readonly priorIdentity?: ResourceIdentityData;
}
export const PlanResourceChangeRequest: MessageType<PlanResourceChangeRequest> = /* @__PURE__ */ new MessageType("tfplugin6.PlanResourceChange.Request", () => [
  [1, "typeName", "string"],
  [2, "priorState", DynamicValue, "explicit"],
  [3, "proposedNewState", DynamicValue, "explicit"],
  [4, "config", DynamicValue, "explicit"],
  [5, "priorPrivate", "bytes"],
  [6, "providerMeta", DynamicValue, "explicit"],
  [7, "clientCapabilities", ClientCapabilities, "explicit"],
  [8, "priorIdentity", ResourceIdentityData, "explicit"],
]);

export interface PlanResourceChangeResponse {
  readonly plannedState?: DynamicValue;
  readonly requiresReplace: readonly AttributePath[];
  readonly plannedPrivate: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
  readonly plannedIdentity?: ResourceIdentityData;
}
export const PlanResourceChangeResponse: MessageType<PlanResourceChangeResponse> = /* @__PURE__ */ new MessageType("tfplugin6.PlanResourceChange.Response", () => [
  [1, "plannedState", DynamicValue, "explicit"],
  [2, "requiresReplace", AttributePath, "repeated"],
  [3, "plannedPrivate", "bytes"],
  [4, "diagnostics", Diagnostic, "repeated"],
  [7, "plannedIdentity", ResourceIdentityData, "explicit"],
]);

export type ApplyResourceChange = Record<never, never>;
export const ApplyResourceChange: MessageType<ApplyResourceChange> = /* @__PURE__ */ new MessageType("tfplugin6.ApplyResourceChange", () => [

]);

export interface ApplyResourceChangeRequest {
  readonly typeName: string;
  readonly priorState?: DynamicValue;
  readonly plannedState?: DynamicValue;
  readonly config?: DynamicValue;
  readonly plannedPrivate: Uint8Array;
  readonly providerMeta?: DynamicValue;
  readonly plannedIdentity?: ResourceIdentityData;
}
export const ApplyResourceChangeRequest: MessageType<ApplyResourceChangeRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ApplyResourceChange.Request", () => [
  [1, "typeName", "string"],
  [2, "priorState", DynamicValue, "explicit"],
  [3, "plannedState", DynamicValue, "explicit"],
  [4, "config", DynamicValue, "explicit"],
  [5, "plannedPrivate", "bytes"],
  [6, "providerMeta", DynamicValue, "explicit"],
  [7, "plannedIdentity", ResourceIdentityData, "explicit"],
]);

export interface ApplyResourceChangeResponse {
  readonly newState?: DynamicValue;
  readonly private: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
  readonly newIdentity?: ResourceIdentityData;
}
export const ApplyResourceChangeResponse: MessageType<ApplyResourceChangeResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ApplyResourceChange.Response", () => [
  [1, "newState", DynamicValue, "explicit"],
  [2, "private", "bytes"],
  [3, "diagnostics", Diagnostic, "repeated"],
  [5, "newIdentity", ResourceIdentityData, "explicit"],
]);

export type ImportResourceState = Record<never, never>;
export const ImportResourceState: MessageType<ImportResourceState> = /* @__PURE__ */ new MessageType("tfplugin6.ImportResourceState", () => [

]);

export interface ImportResourceStateRequest {
  readonly typeName: string;
  readonly id: string;
  readonly clientCapabilities?: ClientCapabilities;
  readonly identity?: ResourceIdentityData;
}
export const ImportResourceStateRequest: MessageType<ImportResourceStateRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ImportResourceState.Request", () => [
  [1, "typeName", "string"],
  [2, "id", "string"],
  [3, "clientCapabilities", ClientCapabilities, "explicit"],
  [4, "identity", ResourceIdentityData, "explicit"],
]);

export interface ImportResourceStateImportedResource {
  readonly typeName: string;
  readonly state?: DynamicValue;
  readonly private: Uint8Array;
  readonly identity?: ResourceIdentityData;
}
export const ImportResourceStateImportedResource: MessageType<ImportResourceStateImportedResource> = /* @__PURE__ */ new MessageType("tfplugin6.ImportResourceState.ImportedResource", () => [
  [1, "typeName", "string"],
  [2, "state", DynamicValue, "explicit"],
  [3, "private", "bytes"],
  [4, "identity", ResourceIdentityData, "explicit"],
]);

export interface ImportResourceStateResponse {
  readonly importedResources: readonly ImportResourceStateImportedResource[];
  readonly diagnostics: readonly Diagnostic[];
}
export const ImportResourceStateResponse: MessageType<ImportResourceStateResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ImportResourceState.Response", () => [
  [1, "importedResources", ImportResourceStateImportedResource, "repeated"],
  [2, "diagnostics", Diagnostic, "repeated"],
]);

export type MoveResourceState = Record<never, never>;
export const MoveResourceState: MessageType<MoveResourceState> = /* @__PURE__ */ new MessageType("tfplugin6.MoveResourceState", () => [

]);

export interface MoveResourceStateRequest {
  readonly sourceProviderAddress: string;
  readonly sourceTypeName: string;
  readonly sourceSchemaVersion: number;
  readonly sourceState?: RawState;
  readonly targetTypeName: string;
  readonly sourcePrivate: Uint8Array;
  readonly sourceIdentity?: RawState;
  readonly sourceIdentitySchemaVersion: number;
}
export const MoveResourceStateRequest: MessageType<MoveResourceStateRequest> = /* @__PURE__ */ new MessageType("tfplugin6.MoveResourceState.Request", () => [
  [1, "sourceProviderAddress", "string"],
  [2, "sourceTypeName", "string"],
  [3, "sourceSchemaVersion", "int64"],
  [4, "sourceState", RawState, "explicit"],
  [5, "targetTypeName", "string"],
  [6, "sourcePrivate", "bytes"],
  [7, "sourceIdentity", RawState, "explicit"],
  [8, "sourceIdentitySchemaVersion", "int64"],
]);

export interface MoveResourceStateResponse {
  readonly targetState?: DynamicValue;
  readonly diagnostics: readonly Diagnostic[];
  readonly targetPrivate: Uint8Array;
  readonly targetIdentity?: ResourceIdentityData;
}
export const MoveResourceStateResponse: MessageType<MoveResourceStateResponse> = /* @__PURE__ */ new MessageType("tfplugin6.MoveResourceState.Response", () => [
  [1, "targetState", DynamicValue, "explicit"],
  [2, "diagnostics", Diagnostic, "repeated"],
  [3, "targetPrivate", "bytes"],
  [4, "targetIdentity", ResourceIdentityData, "explicit"],
]);

export type ValidateDataResourceConfig = Record<never, never>;
export const ValidateDataResourceConfig: MessageType<ValidateDataResourceConfig> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateDataResourceConfig", () => [

]);

export interface ValidateDataResourceConfigRequest {
  readonly typeName: string;
  readonly config?: DynamicValue;
}
export const ValidateDataResourceConfigRequest: MessageType<ValidateDataResourceConfigRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateDataResourceConfig.Request", () => [
  [1, "typeName", "string"],
  [2, "config", DynamicValue, "explicit"],
]);

export interface ValidateDataResourceConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}
export const ValidateDataResourceConfigResponse: MessageType<ValidateDataResourceConfigResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateDataResourceConfig.Response", () => [
  [1, "diagnostics", Diagnostic, "repeated"],
]);

export type ReadDataSource = Record<never, never>;
export const ReadDataSource: MessageType<ReadDataSource> = /* @__PURE__ */ new MessageType("tfplugin6.ReadDataSource", () => [

]);

export interface ReadDataSourceRequest {
  readonly typeName: string;
  readonly config?: DynamicValue;
  readonly providerMeta?: DynamicValue;
  readonly clientCapabilities?: ClientCapabilities;
}
export const ReadDataSourceRequest: MessageType<ReadDataSourceRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ReadDataSource.Request", () => [
  [1, "typeName", "string"],
  [2, "config", DynamicValue, "explicit"],
  [3, "providerMeta", DynamicValue, "explicit"],
  [4, "clientCapabilities", ClientCapabilities, "explicit"],
]);

export interface ReadDataSourceResponse {
  readonly state?: DynamicValue;
  readonly diagnostics: readonly Diagnostic[];
}
export const ReadDataSourceResponse: MessageType<ReadDataSourceResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ReadDataSource.Response", () => [
  [1, "state", DynamicValue, "explicit"],
  [2, "diagnostics", Diagnostic, "repeated"],
]);

export type ValidateEphemeralResourceConfig = Record<never, never>;
export const ValidateEphemeralResourceConfig: MessageType<ValidateEphemeralResourceConfig> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateEphemeralResourceConfig", () => [

]);

export interface ValidateEphemeralResourceConfigRequest {
  readonly typeName: string;
  readonly config?: DynamicValue;
}
export const ValidateEphemeralResourceConfigRequest: MessageType<ValidateEphemeralResourceConfigRequest> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateEphemeralResourceConfig.Request", () => [
  [1, "typeName", "string"],
  [2, "config", DynamicValue, "explicit"],
]);

export interface ValidateEphemeralResourceConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}
export const ValidateEphemeralResourceConfigResponse: MessageType<ValidateEphemeralResourceConfigResponse> = /* @__PURE__ */ new MessageType("tfplugin6.ValidateEphemeralResourceConfig.Response", () => [
  [1, "diagnostics", Diagnostic, "repeated"],
]);

export type OpenEphemeralResource = Record<never, never>;
export const OpenEphemeralResource: MessageType<OpenEphemeralResource> = /* @__PURE__ */ new MessageType("tfplugin6.OpenEphemeralResource", () => [

]);

export interface OpenEphemeralResourceRequest {
  readonly typeName: string;
  readonly config?: DynamicValue;
  readonly clientCapabilities?: ClientCapabilities;
}
export const OpenEphemeralResourceRequest: MessageType<OpenEphemeralResourceRequest> = /* @__PURE__ */ new MessageType("tfplugin6.OpenEphemeralResource.Request", () => [
  [1, "typeName", "string"],
  [2, "config", DynamicValue, "explicit"],
  [3, "clientCapabilities", ClientCapabilities, "explicit"],
]);

export interface OpenEphemeralResourceResponse {
  readonly diagnostics: readonly Diagnostic[];
  readonly renewAt?: Timestamp;
  readonly result?: DynamicValue;
  readonly private?: Uint8Array;
}
export const OpenEphemeralResourceResponse: MessageType<OpenEphemeralResourceResponse> = /* @__PURE__ */ new MessageType("tfplugin6.OpenEphemeralResource.Response", () => [
  [1, "diagnostics", Diagnostic, "repeated"],
  [2, "renewAt", Timestamp, "explicit"],
  [3, "result", DynamicValue, "explicit"],
  [4, "private", "bytes", "explicit"],
]);

export type RenewEphemeralResource = Record<never, never>;
export const RenewEphemeralResource: MessageType<RenewEphemeralResource> = /* @__PURE__ */ new MessageType("tfplugin6.RenewEphemeralResource", () => [

]);

export interface RenewEphemeralResourceRequest {
  readonly typeName: string;
  readonly private?: Uint8Array;
}
export const RenewEphemeralResourceRequest: MessageType<RenewEphemeralResourceRequest> = /* @__PURE__ */ new MessageType("tfplugin6.RenewEphemeralResource.Request", () => [
  [1, "typeName", "string"],
  [2, "private", "bytes", "explicit"],
]);

export interface RenewEphemeralResourceResponse {
  readonly diagnostics: readonly Diagnostic[];
  readonly renewAt?: Timestamp;
  readonly private?: Uint8Array;
}
export const RenewEphemeralResourceResponse: MessageType<RenewEphemeralResourceResponse> = /* @__PURE__ */ new MessageType("tfplugin6.RenewEphemeralResource.Response", () => [
  [1, "diagnostics", Diagnostic, "repeated"],
  [2, "renewAt", Timestamp, "explicit"],
  [3, "private", "bytes", "explicit"],
]);

export type CloseEphemeralResource = Record<never, never>;
export const CloseEphemeralResource: MessageType<CloseEphemeralResource> = /* @__PURE__ */ new MessageType("tfplugin6.CloseEphemeralResource", () => [

]);

export interface CloseEphemeralResourceRequest {
  readonly typeName: string;
  readonly private?: Uint8Array;
}
export const CloseEphemeralResourceRequest: MessageType<CloseEphemeralResourceRequest> = /* @__PURE__ */ new MessageType("tfplugin6.CloseEphemeralResource.Request", () => [
  [1, "typeName", "string"],
  [2, "private", "bytes", "explicit"],
]);

export interface CloseEphemeralResourceResponse {
  readonly diagnostics: readonly Diagnostic[];
}
export const CloseEphemeralResourceResponse: MessageType<CloseEphemeralResourceResponse> = /* @__PURE__ */ new MessageType("tfplugin6.CloseEphemeralResource.Response", () => [
  [1, "diagnostics", Diagnostic, "repeated"],
]);

export type GetFunctions = Record<never, never>;
export const GetFunctions: MessageType<GetFunctions> = /* @__PURE__ */ new MessageType("tfplugin6.GetFunctions", () => [

]);

export type GetFunctionsRequest = Record<never, never>;
export const GetFunctionsRequest: MessageType<GetFunctionsRequest> = /* @__PURE__ */ new MessageType("tfplugin6.GetFunctions.Request", () => [

]);

export interface GetFunctionsResponse {
  readonly functions: Readonly<Record<string, Function>>;
  readonly diagnostics: readonly Diagnostic[];
}
export const GetFunctionsResponse: MessageType<GetFunctionsResponse> = /* @__PURE__ */ new MessageType("tfplugin6.GetFunctions.Response", () => [
  [1, "functions", Function, "map"],
  [2, "diagnostics", Diagnostic, "repeated"],
]);

export type CallFunction = Record<never, never>;
export const CallFunction: MessageType<CallFunction> = /* @__PURE__ */ new MessageType("tfplugin6.CallFunction", () => [

]);

export interface CallFunctionRequest {
  readonly name: string;
  readonly arguments: readonly DynamicValue[];
}
export const CallFunctionRequest: MessageType<CallFunctionRequest> = /* @__PURE__ */ new MessageType("tfplugin6.CallFunction.Request", () => [
  [1, "name", "string"],
  [2, "arguments", DynamicValue, "repeated"],
]);

export interface CallFunctionResponse {
  readonly result?: DynamicValue;
  readonly error?: FunctionError;
}
export const CallFunctionResponse: MessageType<CallFunctionResponse> = /* @__PURE__ */ new MessageType("tfplugin6.CallFunction.Response", () => [
  [1, "result", DynamicValue, "explicit"],
  [2, "error", FunctionError, "explicit"],
]);

export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}
export const Timestamp: MessageType<Timestamp> = /* @__PURE__ */ new MessageType("google.protobuf.Timestamp", () => [
  [1, "seconds", "int64"],
  [2, "nanos", "int32"],
]);

export const Provider = {
  getMetadata: { path: "/tfplugin6.Provider/GetMetadata", request: GetMetadataRequest, response: GetMetadataResponse },
  getProviderSchema: { path: "/tfplugin6.Provider/GetProviderSchema", request: GetProviderSchemaRequest, response: GetProviderSchemaResponse },
  getResourceIdentitySchemas: { path: "/tfplugin6.Provider/GetResourceIdentitySchemas", request: GetResourceIdentitySchemasRequest, response: GetResourceIdentitySchemasResponse },
  validateProviderConfig: { path: "/tfplugin6.Provider/ValidateProviderConfig", request: ValidateProviderConfigRequest, response: ValidateProviderConfigResponse },
  configureProvider: { path: "/tfplugin6.Provider/ConfigureProvider", request: ConfigureProviderRequest, response: ConfigureProviderResponse },
  stopProvider: { path: "/tfplugin6.Provider/StopProvider", request: StopProviderRequest, response: StopProviderResponse },
  validateResourceConfig: { path: "/tfplugin6.Provider/ValidateResourceConfig", request: ValidateResourceConfigRequest, response: ValidateResourceConfigResponse },
  upgradeResourceState: { path: "/tfplugin6.Provider/UpgradeResourceState", request: UpgradeResourceStateRequest, response: UpgradeResourceStateResponse },
  upgradeResourceIdentity: { path: "/tfplugin6.Provider/UpgradeResourceIdentity", request: UpgradeResourceIdentityRequest, response: UpgradeResourceIdentityResponse },
  readResource: { path: "/tfplugin6.Provider/ReadResource", request: ReadResourceRequest, response: ReadResourceResponse },
  planResourceChange: { path: "/tfplugin6.Provider/PlanResourceChange", request: PlanResourceChangeRequest, response: PlanResourceChangeResponse },
  applyResourceChange: { path: "/tfplugin6.Provider/ApplyResourceChange", request: ApplyResourceChangeRequest, response: ApplyResourceChangeResponse },
  importResourceState: { path: "/tfplugin6.Provider/ImportResourceState", request: ImportResourceStateRequest, response: ImportResourceStateResponse },
  moveResourceState: { path: "/tfplugin6.Provider/MoveResourceState", request: MoveResourceStateRequest, response: MoveResourceStateResponse },
  validateDataResourceConfig: { path: "/tfplugin6.Provider/ValidateDataResourceConfig", request: ValidateDataResourceConfigRequest, response: ValidateDataResourceConfigResponse },
  readDataSource: { path: "/tfplugin6.Provider/ReadDataSource", request: ReadDataSourceRequest, response: ReadDataSourceResponse },
  validateEphemeralResourceConfig: { path: "/tfplugin6.Provider/ValidateEphemeralResourceConfig", request: ValidateEphemeralResourceConfigRequest, response: ValidateEphemeralResourceConfigResponse },
  openEphemeralResource: { path: "/tfplugin6.Provider/OpenEphemeralResource", request: OpenEphemeralResourceRequest, response: OpenEphemeralResourceResponse },
  renewEphemeralResource: { path: "/tfplugin6.Provider/RenewEphemeralResource", request: RenewEphemeralResourceRequest, response: RenewEphemeralResourceResponse },
  closeEphemeralResource: { path: "/tfplugin6.Provider/CloseEphemeralResource", request: CloseEphemeralResourceRequest, response: CloseEphemeralResourceResponse },
  getFunctions: { path: "/tfplugin6.Provider/GetFunctions", request: GetFunctionsRequest, response: GetFunctionsResponse },
  callFunction: { path: "/tfplugin6.Provider/CallFunction", request: CallFunctionRequest, response: CallFunctionResponse },
} as const;

