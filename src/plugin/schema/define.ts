import { object, type ObjectType } from "../cty/type.js";
import type { Schema, SchemaAttribute } from "./schema.js";
import type { Attribute } from "./attribute.js";
import type { Attributes } from "./values.js";

/** One definition, from which types, validation, planning, schema JSON and docs derive. */
export interface SchemaDefinition<A extends Attributes = Attributes> {
  readonly attributes: A;
  /** The cty type of its configs, plans and states. */
  readonly type: ObjectType;
  readonly schema: Schema;
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
    attributes,
    type: object(Object.fromEntries(entries.map(([name, { type }]) => [name, type.cty]))),
    schema: { version, description, attributes: entries.map(describe) },
  };
}

const describe = ([name, { type, source, options }]: [string, Attribute]): SchemaAttribute => ({
  name,
  type: type.cty,
  description: options.description,
  required: source === "required",
  optional: source === "optional" || source === "defaulted",
  computed: source === "computed" || source === "defaulted",
  sensitive: options.sensitive ?? false,
  writeOnly: options.writeOnly ?? false,
  deprecated: options.deprecated ?? false,
});

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
