/** HashiCorp's own check of docs/, against the provider's schema. It needs Go, which builds it once. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goTool } from "./lib/go.js";
import { root } from "./lib/machine.js";
import { main, run } from "./lib/process.js";

main(async () => {
  const tool = goTool("tfplugindocs", {
    module: "github.com/hashicorp/terraform-plugin-docs",
    version: "0.25.0",
    command: "./cmd/tfplugindocs",
  });
  // It looks for a provider of HashiCorp's, or for the bare name.
  const { provider_schemas: schemas } = JSON.parse(
    readFileSync(join(root, "dist/schema.json"), "utf8"),
  ) as { provider_schemas: Readonly<Record<string, unknown>> };
  const file = join(root, ".cache/schema-for-docs.json");
  const [polyai] = Object.values(schemas);
  writeFileSync(file, JSON.stringify({ format_version: "1.0", provider_schemas: { polyai } }));
  const args = ["validate", "--provider-name", "polyai", "--providers-schema", file];
  await run(tool, [...args, "--provider-dir", root]);
});
