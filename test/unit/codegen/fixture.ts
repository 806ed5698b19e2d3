import { map, NUMBER, STRING, type Type } from "../../../src/plugin/cty/type.js";
import type { Schema, SchemaAttribute } from "../../../src/plugin/schema/schema.js";
import type { GetProviderSchemaResponse } from "../../../src/plugin/server/messages.js";

type Flag = "required" | "optional" | "computed" | "sensitive" | "writeOnly" | "deprecated";

export const attribute = (name: string, type: Type, ...flags: Flag[]): SchemaAttribute => ({
  name,
  type,
  description: `The ${name}.`,
  required: flags.includes("required"),
  optional: flags.includes("optional"),
  computed: flags.includes("computed"),
  sensitive: flags.includes("sensitive"),
  writeOnly: flags.includes("writeOnly"),
  deprecated: flags.includes("deprecated"),
});

export const schema = (description: string, ...attributes: SchemaAttribute[]): Schema => ({
  version: 0,
  description,
  attributes,
});

/** A provider with one of everything that the protocol's schema response can hold. */
export const response: GetProviderSchemaResponse = {
  diagnostics: [],
  serverCapabilities: {
    planDestroy: true,
    getProviderSchemaOptional: true,
    moveResourceState: false,
  },
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
    example_other: { ...schema(""), deprecated: true },
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
          type: STRING,
          allowNullValue: false,
          allowUnknownValues: false,
          description: "What to shout.",
        },
      ],
      variadicParameter: {
        name: "more",
        type: STRING,
        allowNullValue: true,
        allowUnknownValues: false,
        description: "",
      },
      returnType: STRING,
      summary: "Shouts",
      description: "",
      deprecationMessage: "",
    },
  },
};
