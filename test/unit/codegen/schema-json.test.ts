import { providersSchemaJson } from "../../../src/codegen/schema-json.js";
import { response } from "./fixture.js";

const ADDRESS = "registry.terraform.io/example/example";
const provider = () => providersSchemaJson(ADDRESS, response).provider_schemas[ADDRESS];

describe("providersSchemaJson", () => {
  it("gives each flag only where it is true, and each text only where there is one", () => {
    expect(provider()?.resource_schemas?.["example_thing"]).toEqual({
      version: 2,
      block: {
        attributes: {
          count_of: {
            type: "number",
            description: "The count_of.",
            description_kind: "markdown",
            optional: true,
            computed: true,
          },
          labels: {
            type: ["map", "string"],
            description: "The labels.",
            description_kind: "markdown",
            deprecated: true,
            optional: true,
          },
          name: {
            type: "string",
            description: "The name.",
            description_kind: "markdown",
            required: true,
          },
          password_wo: {
            type: "string",
            description: "The password_wo.",
            description_kind: "markdown",
            optional: true,
            write_only: true,
          },
        },
        description: "A thing.",
        description_kind: "markdown",
      },
    });
  });

  it("names attributes and resources in order, as the CLI does", () => {
    expect(Object.keys(provider()?.resource_schemas ?? {})).toEqual([
      "example_other",
      "example_thing",
    ]);
    const block = provider()?.resource_schemas?.["example_thing"]?.block;
    expect(Object.keys(block?.attributes ?? {})).toEqual([
      "count_of",
      "labels",
      "name",
      "password_wo",
    ]);
  });

  it("leaves attributes out of a block that has none, and marks a deprecated block", () => {
    expect(provider()?.resource_schemas?.["example_other"]).toEqual({
      version: 0,
      block: { description_kind: "markdown", deprecated: true },
    });
  });

  it("leaves out whole kinds that the provider has none of", () => {
    expect(provider()).not.toHaveProperty("ephemeral_resource_schemas");
    expect(provider()).not.toHaveProperty("resource_identity_schemas");
  });

  it("gives a function's signature with its variadic parameter", () => {
    expect(provider()?.functions).toEqual({
      shout: {
        summary: "Shouts",
        return_type: "string",
        parameters: [{ name: "text", description: "What to shout.", type: "string" }],
        variadic_parameter: { name: "more", is_nullable: true, type: "string" },
      },
    });
  });

  it("gives identity schemas where there are any", () => {
    const json = providersSchemaJson(ADDRESS, response, {
      example_thing: {
        version: 1,
        identityAttributes: [
          {
            name: "id",
            type: Buffer.from('"string"'),
            requiredForImport: true,
          },
        ],
      },
    });
    expect(json.provider_schemas[ADDRESS]?.resource_identity_schemas).toEqual({
      example_thing: {
        version: 1,
        attributes: { id: { type: "string", required_for_import: true } },
      },
    });
  });
});
