/**
 * The requests and responses of the provider server, named after the protocol's messages and
 * fields. They are plain data: no protobuf type is known here.
 */
import type { Diagnostic } from "../framework/diagnostic.js";
import type { Path } from "../cty/path.js";
import type { Type } from "../cty/type.js";
import type { Schema } from "../schema/schema.js";

/** A value as it travels: one of both encodings is set (bytes of length 0 count as not set). */
export interface EncodedValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

/** A stored state: JSON from Terraform 0.12 and later, a flat map before that. */
export interface RawState {
  readonly json?: Uint8Array;
  readonly flatmap?: Readonly<Record<string, string>>;
}

export interface ClientCapabilities {
  readonly deferralAllowed?: boolean;
  readonly writeOnlyAttributesAllowed?: boolean;
}

export interface ServerCapabilities {
  readonly planDestroy: boolean;
  readonly getProviderSchemaOptional: boolean;
  readonly moveResourceState: boolean;
}

export interface WithDiagnostics {
  readonly diagnostics: readonly Diagnostic[];
}

export interface ResourceIdentityData {
  readonly identityData?: EncodedValue;
}

export interface IdentitySchema {
  readonly version: number;
  readonly identityAttributes: readonly {
    readonly name: string;
    readonly type: Type;
    readonly requiredForImport: boolean;
    readonly optionalForImport: boolean;
    readonly description: string;
  }[];
}

export interface FunctionParameter {
  readonly name: string;
  readonly type: Type;
  readonly allowNullValue: boolean;
  readonly allowUnknownValues: boolean;
  readonly description: string;
}

export interface FunctionSignature {
  readonly parameters: readonly FunctionParameter[];
  readonly variadicParameter?: FunctionParameter;
  readonly returnType: Type;
  readonly summary: string;
  readonly description: string;
  readonly deprecationMessage: string;
}

export interface FunctionError {
  readonly text: string;
  readonly functionArgument?: number;
}

export interface GetMetadataResponse extends WithDiagnostics {
  readonly serverCapabilities: ServerCapabilities;
  readonly resources: readonly { readonly typeName: string }[];
  readonly dataSources: readonly { readonly typeName: string }[];
  readonly ephemeralResources: readonly { readonly typeName: string }[];
  readonly functions: readonly { readonly name: string }[];
}

export interface GetProviderSchemaResponse extends WithDiagnostics {
  readonly provider: Schema;
  readonly resourceSchemas: Readonly<Record<string, Schema>>;
  readonly dataSourceSchemas: Readonly<Record<string, Schema>>;
  readonly ephemeralResourceSchemas: Readonly<Record<string, Schema>>;
  readonly functions: Readonly<Record<string, FunctionSignature>>;
  readonly serverCapabilities: ServerCapabilities;
}

export interface GetResourceIdentitySchemasResponse extends WithDiagnostics {
  readonly identitySchemas: Readonly<Record<string, IdentitySchema>>;
}

export interface ValidateProviderConfigRequest {
  readonly config: EncodedValue;
}

/** ValidateResourceConfig, ValidateDataResourceConfig and ValidateEphemeralResourceConfig. */
export interface ValidateConfigRequest {
  readonly typeName: string;
  readonly config: EncodedValue;
  readonly clientCapabilities?: ClientCapabilities;
}

export interface UpgradeResourceStateRequest {
  readonly typeName: string;
  readonly version: number;
  readonly rawState?: RawState;
}

export interface UpgradeResourceStateResponse extends WithDiagnostics {
  readonly upgradedState?: EncodedValue;
}

export interface UpgradeResourceIdentityRequest {
  readonly typeName: string;
  readonly version: number;
  readonly rawIdentity?: RawState;
}

export interface UpgradeResourceIdentityResponse extends WithDiagnostics {
  readonly upgradedIdentity?: ResourceIdentityData;
}

export interface ConfigureProviderRequest {
  readonly terraformVersion: string;
  readonly config: EncodedValue;
  readonly clientCapabilities?: ClientCapabilities;
}

export interface ReadResourceRequest {
  readonly typeName: string;
  readonly currentState: EncodedValue;
  readonly private: Uint8Array;
  readonly providerMeta?: EncodedValue;
  readonly clientCapabilities?: ClientCapabilities;
  readonly currentIdentity?: ResourceIdentityData;
}

export interface ReadResourceResponse extends WithDiagnostics {
  readonly newState?: EncodedValue;
  readonly private?: Uint8Array;
  readonly newIdentity?: ResourceIdentityData;
}

export interface PlanResourceChangeRequest {
  readonly typeName: string;
  readonly priorState: EncodedValue;
  readonly proposedNewState: EncodedValue;
  readonly config: EncodedValue;
  readonly priorPrivate: Uint8Array;
  readonly providerMeta?: EncodedValue;
  readonly clientCapabilities?: ClientCapabilities;
  readonly priorIdentity?: ResourceIdentityData;
}

export interface PlanResourceChangeResponse extends WithDiagnostics {
  readonly plannedState?: EncodedValue;
  readonly requiresReplace?: readonly Path[];
  readonly plannedPrivate?: Uint8Array;
  readonly plannedIdentity?: ResourceIdentityData;
}

export interface ApplyResourceChangeRequest {
  readonly typeName: string;
  readonly priorState: EncodedValue;
  readonly plannedState: EncodedValue;
  readonly config: EncodedValue;
  readonly plannedPrivate: Uint8Array;
  readonly providerMeta?: EncodedValue;
  readonly plannedIdentity?: ResourceIdentityData;
}

export interface ApplyResourceChangeResponse extends WithDiagnostics {
  readonly newState?: EncodedValue;
  readonly private?: Uint8Array;
  readonly newIdentity?: ResourceIdentityData;
}

export interface ImportResourceStateRequest {
  readonly typeName: string;
  readonly id: string;
  readonly clientCapabilities?: ClientCapabilities;
  readonly identity?: ResourceIdentityData;
}

export interface ImportResourceStateResponse extends WithDiagnostics {
  readonly importedResources: readonly {
    readonly typeName: string;
    readonly state: EncodedValue;
    readonly private?: Uint8Array;
    readonly identity?: ResourceIdentityData;
  }[];
}

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

export interface MoveResourceStateResponse extends WithDiagnostics {
  readonly targetState?: EncodedValue;
  readonly targetPrivate?: Uint8Array;
  readonly targetIdentity?: ResourceIdentityData;
}

export interface ReadDataSourceRequest {
  readonly typeName: string;
  readonly config: EncodedValue;
  readonly providerMeta?: EncodedValue;
  readonly clientCapabilities?: ClientCapabilities;
}

export interface ReadDataSourceResponse extends WithDiagnostics {
  readonly state?: EncodedValue;
}

export interface OpenEphemeralResourceRequest {
  readonly typeName: string;
  readonly config: EncodedValue;
  readonly clientCapabilities?: ClientCapabilities;
}

export interface OpenEphemeralResourceResponse extends WithDiagnostics {
  /** When to renew, as milliseconds since 1970. */
  readonly renewAt?: number;
  readonly result?: EncodedValue;
  readonly private?: Uint8Array;
}

export interface RenewEphemeralResourceRequest {
  readonly typeName: string;
  readonly private: Uint8Array;
}

export interface RenewEphemeralResourceResponse extends WithDiagnostics {
  readonly renewAt?: number;
  readonly private?: Uint8Array;
}

export interface CloseEphemeralResourceRequest {
  readonly typeName: string;
  readonly private: Uint8Array;
}

export interface GetFunctionsResponse extends WithDiagnostics {
  readonly functions: Readonly<Record<string, FunctionSignature>>;
}

export interface CallFunctionRequest {
  readonly name: string;
  readonly arguments: readonly EncodedValue[];
}

export interface CallFunctionResponse {
  readonly result?: EncodedValue;
  readonly error?: FunctionError;
}

export interface StopProviderResponse {
  /** Empty where the stop was taken. */
  readonly error: string;
}

/** One method for each RPC of tfplugin6.Provider. None rejects: a fault becomes a diagnostic. */
export interface ProviderServer {
  getMetadata(): Promise<GetMetadataResponse>;
  getProviderSchema(): Promise<GetProviderSchemaResponse>;
  getResourceIdentitySchemas(): Promise<GetResourceIdentitySchemasResponse>;
  validateProviderConfig(request: ValidateProviderConfigRequest): Promise<WithDiagnostics>;
  validateResourceConfig(request: ValidateConfigRequest): Promise<WithDiagnostics>;
  validateDataResourceConfig(request: ValidateConfigRequest): Promise<WithDiagnostics>;
  validateEphemeralResourceConfig(request: ValidateConfigRequest): Promise<WithDiagnostics>;
  upgradeResourceState(request: UpgradeResourceStateRequest): Promise<UpgradeResourceStateResponse>;
  upgradeResourceIdentity(
    request: UpgradeResourceIdentityRequest,
  ): Promise<UpgradeResourceIdentityResponse>;
  configureProvider(request: ConfigureProviderRequest): Promise<WithDiagnostics>;
  readResource(request: ReadResourceRequest): Promise<ReadResourceResponse>;
  planResourceChange(request: PlanResourceChangeRequest): Promise<PlanResourceChangeResponse>;
  applyResourceChange(request: ApplyResourceChangeRequest): Promise<ApplyResourceChangeResponse>;
  importResourceState(request: ImportResourceStateRequest): Promise<ImportResourceStateResponse>;
  moveResourceState(request: MoveResourceStateRequest): Promise<MoveResourceStateResponse>;
  readDataSource(request: ReadDataSourceRequest): Promise<ReadDataSourceResponse>;
  openEphemeralResource(
    request: OpenEphemeralResourceRequest,
  ): Promise<OpenEphemeralResourceResponse>;
  renewEphemeralResource(
    request: RenewEphemeralResourceRequest,
  ): Promise<RenewEphemeralResourceResponse>;
  closeEphemeralResource(request: CloseEphemeralResourceRequest): Promise<WithDiagnostics>;
  getFunctions(): Promise<GetFunctionsResponse>;
  callFunction(request: CallFunctionRequest): Promise<CallFunctionResponse>;
  /** Terraform is interrupted: end what waits, let what is in flight finish. */
  stopProvider(): Promise<StopProviderResponse>;
}
