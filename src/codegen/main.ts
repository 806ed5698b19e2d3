/** The part of a build that derives from the provider's schema. */
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { createProviderServer } from "../plugin/server/server.js";
import { encodeProviderSchema } from "../plugin/tfplugin6/service.js";
import { provider } from "../provider/provider.js";
import { writeBindings, writeEphemeralBindings } from "./bindings.js";
import { docsPages, PAGE_FOLDERS } from "./docs.js";
import { providersSchemaJson, type ProviderSchemaJson } from "./schema-json.js";

/**
 * Makes the encoded answer to GetProviderSchema, `dist/schema.json`, the pages in `docs/` that the
 * registry shows, and the L1 bindings: `lib/bindings/` for cdktf, `.cache/cdktn/lib/bindings/` for
 * cdktn.
 *
 * @param write a file below the root; one that has this text already stays as it is
 */
export async function generateFromSchema(
  root: string,
  version: string,
  write: (path: string, text: string) => void,
): Promise<void> {
  const server = createProviderServer(provider);
  const encoded = Buffer.from(await encodeProviderSchema(server)).toString("base64");
  write(
    "src/generated/encoded-schema.ts",
    `export const schema: Uint8Array = Buffer.from("${encoded}", "base64");\n`,
  );
  const { identitySchemas } = await server.getResourceIdentitySchemas({});
  const response = await server.getProviderSchema({});
  const schema = providersSchemaJson(PROVIDER_ADDRESS, response, identitySchemas);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  write("dist/schema.json", text);

  const ours = schema.provider_schemas[PROVIDER_ADDRESS] as ProviderSchemaJson;
  const pages = docsPages("polyai", ours, (path) => {
    const file = join(root, "examples", path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  });
  for (const [path, page] of pages) write(`docs/${path}`, page);
  for (const folder of PAGE_FOLDERS) {
    for (const name of readdirSync(join(root, "docs", folder))) {
      if (!pages.has(`${folder}/${name}`)) rmSync(join(root, "docs", folder, name));
    }
  }

  // The generators take seconds, and tsc as long for what they write anew.
  const cdktf = join(root, "lib/bindings");
  const cdktn = join(root, ".cache/cdktn/lib/bindings");
  const note = join(root, ".cache/bindings-are-of.txt");
  const wanted = `${version}\n${text}`;
  const made = [cdktf, cdktn, note].every((path) => existsSync(path));
  if (made && readFileSync(note, "utf8") === wanted) return;
  await writeBindings("cdktf", schema, PROVIDER_ADDRESS, version, cdktf);
  await writeBindings("cdktn", schema, PROVIDER_ADDRESS, version, cdktn);
  await writeEphemeralBindings(cdktn, cdktf);
  write(".cache/bindings-are-of.txt", wanted);
}
