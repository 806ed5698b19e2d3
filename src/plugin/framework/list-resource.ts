import type { ObjectValue } from "../cty/value.js";
import type { SchemaDefinition } from "../schema/define.js";
import type { ApplyingOf, Attributes } from "../schema/values.js";

/** The objects of a managed resource's type that exist: a `list` block of `terraform query`. */
export interface ListResource<Client, A extends Attributes = Attributes> {
  /** The managed resource's, which has an identity. */
  readonly typeName: string;
  readonly schema: SchemaDefinition<A>;
  /** Gives each object as soon as it is known. The host may ask for no more of them. */
  list(request: {
    readonly config: ApplyingOf<A>;
    readonly client: Client;
  }): AsyncIterable<ListedObject>;
}

export interface ListedObject {
  /** Tells a person which one it is. */
  readonly displayName: string;
  /** The managed resource's state if it is imported. */
  readonly state: ObjectValue;
}

export const defineListResource =
  <Client>() =>
  <const A extends Attributes>(listResource: ListResource<Client, A>): ListResource<Client, A> =>
    listResource;
