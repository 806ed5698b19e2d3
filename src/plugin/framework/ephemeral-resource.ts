import type { SchemaDefinition } from "../schema/define.js";
import type { ApplyingOf, Attributes, StateOf } from "../schema/values.js";

/**
 * An ephemeral resource: its result lives in memory for one operation, in no plan or state. It is
 * made of its configuration alone, so nothing has to be renewed or closed.
 */
export interface EphemeralResource<A extends Attributes = Attributes> {
  readonly typeName: string;
  readonly schema: SchemaDefinition<A>;
  open(request: { readonly config: ApplyingOf<A> }): Promise<{ readonly result: StateOf<A> }>;
}

export const defineEphemeralResource = <const A extends Attributes>(
  resource: EphemeralResource<A>,
): EphemeralResource<A> => resource;
