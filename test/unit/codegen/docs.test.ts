import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/cli.js";

// An end-to-end test compares the schema's JSON with that of a real CLI, and .ci/run the pages with
// those that the build writes.

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

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
