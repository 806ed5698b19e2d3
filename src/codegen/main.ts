/**
 * Build step: everything that derives from the provider's schema.
 *
 * The bindings are written only if the schema or the version has changed.
 *
 * Run as `node <bundle> <repository root>`. It writes `dist/schema.json` and the L1 bindings:
 * `lib/bindings/` for cdktf, `.cache/cdktn/lib/bindings/` for cdktn; and, in `docs/`, the pages that
 * the registry shows, from the schema and the HCL in `examples/`.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { createProviderServer } from "../plugin/server/server.js";
import { provider } from "../provider/provider.js";
import { buildStep } from "./build-step.js";
import { writeBindings, writeEphemeralBindings } from "./bindings.js";
import { docsPages, PAGE_FOLDERS } from "./docs.js";
import { providersSchemaJson, type ProviderSchemaJson } from "./schema-json.js";

async function main(root: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  const server = createProviderServer(provider);
  const response = await server.getProviderSchema({});
  const { identitySchemas } = await server.getResourceIdentitySchemas({});
  const schema = providersSchemaJson(PROVIDER_ADDRESS, response, identitySchemas);

  const text = `${JSON.stringify(schema, null, 2)}\n`;
  await mkdir(join(root, "dist"), { recursive: true });
  await writeFile(join(root, "dist/schema.json"), text);
  await writeDocs(root, schema.provider_schemas[PROVIDER_ADDRESS] as ProviderSchemaJson);

  // The generators take seconds, and tsc as long for what they write anew.
  const cdktf = join(root, "lib/bindings");
  const cdktn = join(root, ".cache/cdktn/lib/bindings");
  const note = join(root, ".cache/bindings-are-of.txt");
  const wanted = `${version}\n${text}`;
  const made = existsSync(cdktf) && existsSync(cdktn) && existsSync(note);
  if (made && (await readFile(note, "utf8")) === wanted) return;
  await writeBindings("cdktf", schema, PROVIDER_ADDRESS, version, cdktf);
  await writeBindings("cdktn", schema, PROVIDER_ADDRESS, version, cdktn);
  await writeEphemeralBindings(cdktn, cdktf);
  await writeFile(note, wanted);
}

async function writeDocs(root: string, schema: ProviderSchemaJson): Promise<void> {
  const read = (path: string) => {
    const file = join(root, "examples", path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const pages = docsPages("polyai", schema, read);
  for (const folder of PAGE_FOLDERS) {
    for (const name of await readdir(join(root, "docs", folder)).catch(() => [])) {
      if (!pages.has(`${folder}/${name}`)) await rm(join(root, "docs", folder, name));
    }
  }
  for (const [path, text] of pages) {
    const file = join(root, "docs", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

buildStep("the repository root", main);
