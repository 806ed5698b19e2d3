import type { Diagnostic } from "./diagnostic.js";
import type { PrivateState } from "./resource.js";
import type { SchemaDefinition } from "../schema/define.js";
import type { ApplyingOf, Attributes, ConfigOf, StateOf } from "../schema/values.js";

/** An ephemeral resource: its result lives in memory for one operation, in no plan or state. */
export interface EphemeralResource<Client, A extends Attributes = Attributes> {
  readonly typeName: string;
  readonly schema: SchemaDefinition<A>;
  validateConfig?(request: { readonly config: ConfigOf<A> }): readonly Diagnostic[];
  /** `client` is undefined while the provider's configuration is unknown. */
  open(request: {
    readonly config: ApplyingOf<A>;
    readonly client: Client | undefined;
  }): Promise<
    Lease & { readonly result: StateOf<A>; readonly diagnostics?: readonly Diagnostic[] }
  >;
  renew?(request: {
    readonly privateState: PrivateState;
    readonly client: Client;
  }): Promise<Lease & { readonly diagnostics?: readonly Diagnostic[] }>;
  close?(request: {
    readonly privateState: PrivateState;
    readonly client: Client;
  }): Promise<readonly Diagnostic[]>;
}

export interface Lease {
  /** When the host must renew it, in milliseconds since 1970. */
  readonly renewAt?: number;
  readonly privateState?: PrivateState;
}

export const defineEphemeralResource =
  <Client>() =>
  <const A extends Attributes>(
    resource: EphemeralResource<Client, A>,
  ): EphemeralResource<Client, A> =>
    resource;
