import type { Type } from "../cty/type.js";
import { typeToJson } from "../cty/type-json.js";
import type { Schema } from "../schema/schema.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { StringKind } from "../tfplugin6/generated/tfplugin6.js";

export const schemaToWire = (schema: Schema): wire.Schema => ({
  version: schema.version,
  block: {
    // As Terraform's own framework does, the block repeats its schema's version.
    version: schema.version,
    description: schema.description,
    descriptionKind: StringKind.MARKDOWN,
    deprecated: schema.deprecated,
    attributes: schema.attributes.map(({ type, ...attribute }) => ({
      ...attribute,
      type: typeToWire(type),
      descriptionKind: StringKind.MARKDOWN,
    })),
  },
});

/** A type as schemas hold it: cty's JSON. */
export const typeToWire = (type: Type): Uint8Array => Buffer.from(JSON.stringify(typeToJson(type)));
