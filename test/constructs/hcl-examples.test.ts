/** The HCL in examples/ that the docs show: each folder is a configuration that validates. */
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundledPlugin } from "../../lib/bundled-plugin.js";
import { placePlugin } from "../../lib/plugin-placement.js";
import { describeForEachCli, isAtLeast, ROOT, run, succeed } from "../support/cli.js";
import { temporaryFolder } from "./package-fixture.js";

const EXAMPLES = join(ROOT, "examples");
const folders = ["resources", "data-sources", "ephemeral-resources", "functions"]
  .filter((kind) => existsSync(join(EXAMPLES, kind)))
  .flatMap((kind) => readdirSync(join(EXAMPLES, kind)).map((type) => join(kind, type)));

it("there is an example for each resource", () => {
  const { provider_schemas: schemas } = JSON.parse(
    readFileSync(join(ROOT, "dist/schema.json"), "utf8"),
  ) as { provider_schemas: Record<string, { resource_schemas: object }> };
  const types = Object.values(schemas).flatMap(({ resource_schemas: of }) => Object.keys(of));
  expect(folders).toEqual(expect.arrayContaining(types.map((type) => `resources/${type}`)));
});

describeForEachCli((cli) => {
  // The ways to import exclude each other in one configuration; by identity is the newer one.
  const importing = isAtLeast(cli, { terraform: "1.12", tofu: "1.12" })
    ? "import-by-identity.tf"
    : "import-by-string-id.tf";

  it.each(folders)("%s is valid", async (example) => {
    const folder = temporaryFolder();
    copyFileSync(join(EXAMPLES, "provider/provider.tf"), join(folder, "provider.tf"));
    for (const file of readdirSync(join(EXAMPLES, example))) {
      if (!file.endsWith(".tf") || (file.startsWith("import-") && file !== importing)) continue;
      copyFileSync(join(EXAMPLES, example, file), join(folder, file));
    }
    placePlugin(folder, bundledPlugin());
    await succeed(run(cli, ["init", "-no-color"], { cwd: folder }));
    await succeed(run(cli, ["validate", "-no-color"], { cwd: folder }));
    await succeed(run(cli, ["fmt", "-check", "-recursive"], { cwd: join(EXAMPLES, example) }));
  });
});
