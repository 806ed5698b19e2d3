import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { docsPages, PAGE_FOLDERS } from "../../../src/codegen/docs.js";
import { providersSchemaJson } from "../../../src/codegen/schema-json.js";
import { createProviderServer } from "../../../src/plugin/server/server.js";
import { provider } from "../../../src/provider/provider.js";
import { ROOT } from "../../support/cli.js";

// An end-to-end test compares the schema's JSON with that of a real CLI.

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

it("docs/ holds the pages that the schema and the examples give, and no others", async () => {
  const server = createProviderServer(provider);
  const { identitySchemas } = await server.getResourceIdentitySchemas({});
  const json = providersSchemaJson("x", await server.getProviderSchema({}), identitySchemas);
  const pages = docsPages("polyai", json.provider_schemas["x"]!, (path) =>
    existsSync(join(ROOT, "examples", path)) ? read(`examples/${path}`) : undefined,
  );
  for (const [path, text] of pages) expect(text).toBe(read(`docs/${path}`));
  const files = PAGE_FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, "docs", folder)).map((file) => `${folder}/${file}`),
  );
  expect([...pages.keys()].sort()).toEqual(["index.md", ...files].sort());
});

it("a deprecated attribute is marked in its page", () => {
  const attribute = { name: "size", type: Buffer.from('"number"'), deprecated: true };
  const json = providersSchemaJson("x", { provider: { block: { attributes: [attribute] } } });
  const pages = docsPages("polyai", json.provider_schemas["x"]!, () => undefined);
  expect(pages.get("index.md")).toContain("- `size` (Number, Deprecated)");
});

it("every resource that has an identity shows the import by it", () => {
  const { provider_schemas: schemas } = JSON.parse(read("dist/schema.json")) as {
    provider_schemas: Record<string, { resource_identity_schemas: object }>;
  };
  const types = Object.values(schemas).flatMap((of) => Object.keys(of.resource_identity_schemas));
  expect(types.length).toBeGreaterThan(2);
  for (const type of types) {
    expect(read(`docs/${type.replace("polyai_", "resources/")}.md`)).toContain("  identity = {");
  }
});
