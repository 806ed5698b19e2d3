import type { DataSource } from "./data-source.js";
import type { Diagnostic } from "./diagnostic.js";
import type { EphemeralResource } from "./ephemeral-resource.js";
import type { ListResource } from "./list-resource.js";
import type { ProviderFunction } from "./function.js";
import type { Resource } from "./resource.js";
import type { SchemaDefinition } from "../schema/define.js";
import type { Attributes, ConfigOf } from "../schema/values.js";

/** A provider: its block's schema, and everything that it offers. */
export interface Provider<Client, A extends Attributes = Attributes> {
  readonly schema: SchemaDefinition<A>;
  configure(request: {
    readonly config: ConfigOf<A>;
    /** The version of Terraform or OpenTofu, such as 1.12.6. */
    readonly terraformVersion: string;
    /** Aborted when the host wants to stop. */
    readonly stop: AbortSignal;
  }): Promise<{
    /** Undefined while it depends on unknown values. */
    readonly client: Client | undefined;
    /** Why there can be no client: the error of whatever needs one, and of nothing else. */
    readonly problem?: Diagnostic;
    readonly diagnostics?: readonly Diagnostic[];
  }>;
  readonly resources: readonly Resource<Client>[];
  readonly dataSources: readonly DataSource<Client>[];
  readonly ephemeralResources: readonly EphemeralResource[];
  readonly listResources: readonly ListResource<Client>[];
  readonly functions: readonly ProviderFunction[];
}

export const defineProvider =
  <Client>() =>
  <const A extends Attributes>(provider: Provider<Client, A>): Provider<Client, A> =>
    provider;
