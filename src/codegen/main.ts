/**
 * Build step: everything that derives from the provider's schema.
 *
 * Run as `node <bundle> <repository root>`. It writes `dist/schema.json` and the L1 bindings:
 * `lib/bindings/` for cdktf, `.cache/cdktn/lib/bindings/` for cdktn; and, in `docs/`, the pages that
 * the registry shows, from the schema and the HCL in `examples/`.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createProviderServer } from "../plugin/server/server.js";
import { provider } from "../provider/provider.js";
import { buildStep } from "./build-step.js";
import { writeBindings, writeEphemeralBindings } from "./bindings.js";
import { docsPages, PAGE_FOLDERS } from "./docs.js";
import { providersSchemaJson, type ProviderSchemaJson } from "./schema-json.js";

/** Full, since a bare polyai/polyai means another registry under OpenTofu. */
const ADDRESS = "registry.terraform.io/polyai/polyai";

async function main(root: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  const server = createProviderServer(provider);
  const response = await server.getProviderSchema({});
  const { identitySchemas } = await server.getResourceIdentitySchemas({});
  const schema = providersSchemaJson(ADDRESS, response, identitySchemas);

  await mkdir(join(root, "dist"), { recursive: true });
  await writeFile(join(root, "dist/schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
  const cdktf = join(root, "lib/bindings");
  const cdktn = join(root, ".cache/cdktn/lib/bindings");
  await writeBindings("cdktf", schema, ADDRESS, version, cdktf);
  await writeBindings("cdktn", schema, ADDRESS, version, cdktn);
  await writeEphemeralBindings(cdktn, cdktf);
  await writeDocs(root, schema.provider_schemas[ADDRESS] as ProviderSchemaJson);
}

async function writeDocs(root: string, schema: ProviderSchemaJson): Promise<void> {
  const read = (path: string) => {
    const file = join(root, "examples", path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const pages = docsPages("polyai", schema, read);
  for (const folder of PAGE_FOLDERS) {
    await rm(join(root, "docs", folder), { recursive: true, force: true });
  }
  for (const [path, text] of pages) {
    const file = join(root, "docs", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

buildStep("the repository root", main);
