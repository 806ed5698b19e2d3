import type { SchemaDefinition } from "../schema/define.js";
import type { ApplyingOf, Attributes, StateOf } from "../schema/values.js";

/** A data source: something read at plan, never changed. */
export interface DataSource<Client, A extends Attributes = Attributes> {
  readonly typeName: string;
  readonly schema: SchemaDefinition<A>;
  /** Core reads a data source once its config is known. */
  read(request: { readonly config: ApplyingOf<A>; readonly client: Client }): Promise<{
    readonly state: StateOf<A>;
  }>;
}

export const defineDataSource =
  <Client>() =>
  <const A extends Attributes>(dataSource: DataSource<Client, A>): DataSource<Client, A> =>
    dataSource;
