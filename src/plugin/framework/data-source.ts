import type { Diagnostic } from "./diagnostic.js";
import type { SchemaDefinition } from "../schema/define.js";
import type { ApplyingOf, Attributes, ConfigOf, StateOf } from "../schema/values.js";

/** A data source: something read at plan, never changed. */
export interface DataSource<Client, A extends Attributes = Attributes> {
  readonly typeName: string;
  readonly schema: SchemaDefinition<A>;
  /** Finds problems that no single attribute's validators can see. Values may be unknown. */
  validateConfig?(request: { readonly config: ConfigOf<A> }): readonly Diagnostic[];
  /** Core reads a data source once its config is known. */
  read(request: { readonly config: ApplyingOf<A>; readonly client: Client }): Promise<{
    readonly state: StateOf<A>;
    readonly diagnostics?: readonly Diagnostic[];
  }>;
}

export const defineDataSource =
  <Client>() =>
  <const A extends Attributes>(dataSource: DataSource<Client, A>): DataSource<Client, A> =>
    dataSource;
