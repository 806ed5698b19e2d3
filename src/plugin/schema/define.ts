import { object, type ObjectType } from "../cty/type.js";
import type { Attribute } from "./attribute.js";
import type { Attributes } from "./values.js";

/** One definition, from which types, validation, planning, schema JSON and docs derive. */
export interface SchemaDefinition<A extends Attributes = Attributes> {
  /** Raised when the stored shape changes; a lower version in a state is upgraded. */
  readonly version: number;
  /** Markdown. */
  readonly description: string;
  readonly attributes: A;
  /** The cty type of its configs, plans and states. */
  readonly type: ObjectType;
}

/**
 * Defines a schema.
 *
 * @throws Error where the definition contradicts itself, as when an attribute recomputes one
 * that is not computed.
 */
export function defineSchema<const A extends Attributes>(definition: {
  readonly version?: number;
  /** Markdown. */
  readonly description: string;
  readonly attributes: A;
}): SchemaDefinition<A> {
  const { attributes, description, version = 0 } = definition;
  const entries = Object.entries<Attribute>(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, attribute] of entries) checkAttribute(name, attribute, attributes);
  return {
    version,
    description,
    attributes,
    type: object(Object.fromEntries(entries.map(([name, { type }]) => [name, type.cty]))),
  };
}

function checkAttribute(name: string, { source, options }: Attribute, all: Attributes): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`"${name}" is no attribute name`);
  for (const other of options.recomputes ?? []) {
    if (all[other]?.source !== "computed") {
      throw new Error(`${name} recomputes ${other}, which is no computed attribute`);
    }
  }
  if (options.writeOnly && source !== "optional" && source !== "required") {
    throw new Error(`${name} is write-only, so it cannot have a value that is not configured`);
  }
}
