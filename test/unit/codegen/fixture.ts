import { map, NUMBER, STRING, type Type } from "../../../src/plugin/cty/type.js";
import { typeToWire } from "../../../src/plugin/server/schemas.js";
import type * as wire from "../../../src/plugin/tfplugin6/generated/tfplugin6.js";

type Flag = "required" | "optional" | "computed" | "sensitive" | "writeOnly" | "deprecated";

export const attribute = (name: string, type: Type, ...flags: Flag[]): wire.Schema_Attribute => ({
  name,
  type: typeToWire(type),
  description: `The ${name}.`,
  ...Object.fromEntries(flags.map((flag) => [flag, true])),
});

export const schema = (
  description: string,
  ...attributes: wire.Schema_Attribute[]
): wire.Schema & { readonly block: wire.Schema_Block } => ({
  version: 0,
  block: { description, attributes },
});

/** A provider with one of everything that the protocol's schema response can hold. */
export const response: wire.GetProviderSchema_Response = {
  provider: schema("", attribute("api_key", STRING, "optional", "sensitive")),
  resourceSchemas: {
    example_thing: {
      ...schema(
        "A thing.",
        attribute("name", STRING, "required"),
        attribute("count_of", NUMBER, "optional", "computed"),
        attribute("labels", map(STRING), "optional", "deprecated"),
        attribute("password_wo", STRING, "optional", "writeOnly"),
      ),
      version: 2,
    },
    example_other: { version: 0, block: { deprecated: true } },
  },
  dataSourceSchemas: {
    example_thing: schema("Finds a thing.", attribute("id", STRING, "computed")),
  },
  ephemeralResourceSchemas: {},
  functions: {
    shout: {
      parameters: [
        {
          name: "text",
          type: typeToWire(STRING),
          description: "What to shout.",
        },
      ],
      variadicParameter: {
        name: "more",
        type: typeToWire(STRING),
        allowNullValue: true,
      },
      return: { type: typeToWire(STRING) },
      summary: "Shouts",
    },
  },
};
