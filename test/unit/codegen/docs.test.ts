import { docsPages } from "../../../src/codegen/docs.js";
import { providersSchemaJson, type ProviderSchemaJson } from "../../../src/codegen/schema-json.js";
import { response } from "./fixture.js";

const ADDRESS = "registry.terraform.io/example/example";
const schema = providersSchemaJson(ADDRESS, response).provider_schemas[
  ADDRESS
] as ProviderSchemaJson;

const examples: Record<string, string> = {
  "provider/provider.tf": 'provider "example" {}\n',
  "resources/example_thing/resource.tf": 'resource "example_thing" "one" {}\n',
  "resources/example_thing/import-by-string-id.tf": "import {}\n",
  "resources/example_thing/import.sh": "terraform import example_thing.one 1\n",
  "data-sources/example_thing/data-source.tf": 'data "example_thing" "one" {}\n',
};
const pages = docsPages("example", schema, (path) => examples[path]);

describe("docsPages", () => {
  it("gives a page for the provider and for everything that it has, where the registry looks", () => {
    expect([...pages.keys()]).toEqual([
      "index.md",
      "resources/other.md",
      "resources/thing.md",
      "data-sources/thing.md",
      "functions/shout.md",
    ]);
  });

  it("shows a resource with its example, its attributes by kind, and its import", () => {
    expect(pages.get("resources/thing.md")).toBe(`---
page_title: "example_thing Resource - example"
subcategory: ""
description: |-
  A thing.
---

<!-- Generated from the provider's schema and from examples/: edit those. -->

# example_thing (Resource)

A thing.

## Example Usage

\`\`\`terraform
resource "example_thing" "one" {}
\`\`\`

## Schema

### Required

- \`name\` (String) The name.

### Optional

- \`count_of\` (Number) The count_of.
- \`labels\` (Map of String, Deprecated) The labels.
- \`password_wo\` (String, Write-only) The password_wo.

## Import

In the configuration, by id:

\`\`\`terraform
import {}
\`\`\`

From the command line:

\`\`\`shell
terraform import example_thing.one 1
\`\`\`
`);
  });

  it("leaves out what a resource has not: description, examples, attributes, import", () => {
    expect(pages.get("resources/other.md")).toMatch(/# example_other \(Resource\)\n\n## Schema\n$/);
  });

  it("shows a data source's example and read-only attributes", () => {
    const page = pages.get("data-sources/thing.md");
    expect(page).toContain("# example_thing (Data Source)");
    expect(page).toContain('data "example_thing" "one" {}');
    expect(page).toContain("### Read-Only\n\n- `id` (String) The id.");
  });

  it("marks sensitive settings of the provider", () => {
    expect(pages.get("index.md")).toContain("- `api_key` (String, Sensitive) The api_key.");
  });

  it("shows a function's signature and arguments", () => {
    expect(pages.get("functions/shout.md")).toContain(`## Signature

\`\`\`text
shout(text string, more string...) string
\`\`\`

## Arguments

- \`text\` (String) What to shout.
- \`more\` (String, Nullable)
`);
  });
});
