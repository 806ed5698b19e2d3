import type { Type } from "../cty/type.js";
import { typeToJson } from "../cty/type-json.js";
import type { Attribute } from "../schema/attribute.js";
import type { SchemaDefinition } from "../schema/define.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { StringKind } from "../tfplugin6/generated/tfplugin6.js";

export const schemaToWire = ({ schema }: { readonly schema: SchemaDefinition }): wire.Schema => ({
  version: schema.version,
  block: {
    // As Terraform's own framework does, the block repeats its schema's version.
    version: schema.version,
    description: schema.description,
    descriptionKind: StringKind.MARKDOWN,
    attributes: Object.entries<Attribute>(schema.attributes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { type, source, options }]) => ({
        name,
        type: typeToWire(type.cty),
        description: options.description,
        descriptionKind: StringKind.MARKDOWN,
        required: source === "required",
        optional: source === "optional" || source === "defaulted",
        computed: source === "computed" || source === "defaulted",
        sensitive: options.sensitive ?? false,
        writeOnly: options.writeOnly ?? false,
      })),
  },
});

/** A type as schemas hold it: cty's JSON. */
export const typeToWire = (type: Type): Uint8Array => Buffer.from(JSON.stringify(typeToJson(type)));
