/**
 * L1 bindings from the official generators, one set for each CDK, out of the provider's schema:
 * what `cdktf get` and `cdktn provider add` would write, with no CLI, no init and no registry.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvidersSchemaJson } from "./schema-json.js";

/** The two CDKs, each with its import specifier. */
export type Cdk = "cdktf" | "cdktn";

/** The part of both generators' modules that is used; each has its own copy of CodeMaker. */
interface Generators {
  readonly TerraformProviderGenerator: new (
    code: unknown,
    schema: unknown,
  ) => { generate(target: unknown): void; save(outdir: string): Promise<void> };
  readonly CodeMaker: new () => unknown;
  readonly TerraformProviderConstraint: new (source: string) => unknown;
}

interface Commons {
  readonly ConstructsMakerProviderTarget: new (constraint: unknown, language: string) => unknown;
}

/**
 * When the modules are loaded, they ask HashiCorp's checkpoint service for news, and a CLI for its
 * version. A build needs neither, and a person's own settings must not add to what it prints.
 */
function load(module: string): unknown {
  process.env["CHECKPOINT_DISABLE"] ??= "1";
  process.env["TF_CLI_CONFIG_FILE"] = devNull;
  return createRequire(__filename)(module);
}

/**
 * Writes the bindings into a folder, in place of what is there: `provider/index.ts`, one
 * `<resource>/index.ts` each, and an `index.ts` that exports every resource and data source flat.
 *
 * @param address the provider's full source address.
 * @param version the provider's version, which `required_providers` will ask for exactly.
 */
export async function writeBindings(
  cdk: Cdk,
  schema: ProvidersSchemaJson,
  address: string,
  version: string,
  outdir: string,
): Promise<void> {
  const { TerraformProviderGenerator, CodeMaker, TerraformProviderConstraint } = load(
    `@${cdk}/provider-generator`,
  ) as Generators;
  const { ConstructsMakerProviderTarget } = load(`@${cdk}/commons`) as Commons;

  const generator = new TerraformProviderGenerator(new CodeMaker(), {
    ...schema,
    provider_versions: { [address]: version },
  });
  generator.generate(
    new ConstructsMakerProviderTarget(
      new TerraformProviderConstraint(`${address}@${version}`),
      "typescript",
    ),
  );

  const staging = await mkdtemp(join(tmpdir(), "bindings-"));
  try {
    await generator.save(staging);
    const name = address.slice(address.lastIndexOf("/") + 1);
    await rm(outdir, { recursive: true, force: true });
    await copyBindings(join(staging, "providers", name), outdir);
    await writeFile(join(outdir, "index.ts"), await indexSource(outdir));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * Bindings of the ephemeral resources for cdktf, whose generator knows none: those for CDK Terrain,
 * with another base class.
 *
 * @param from the folder of the bindings for cdktn
 * @param to the folder of the bindings for cdktf; the base class is in the folder above
 */
export async function writeEphemeralBindings(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) {
    if (!name.startsWith("ephemeral-")) continue;
    const source = await readFile(join(from, name, "index.ts"), "utf8");
    await mkdir(join(to, name), { recursive: true });
    await writeFile(join(to, name, "index.ts"), forCdktf(source));
  }
  await writeFile(join(to, "index.ts"), await indexSource(to));
}

const forCdktf = (source: string): string =>
  source
    .replace(/\bcdktn\.(TerraformEphemeral\w+)/g, "$1")
    .replace(
      "import * as cdktn from 'cdktn';",
      `import * as cdktf from 'cdktf';
import { TerraformEphemeralResource, type TerraformEphemeralMetaArguments } from '../../terraform-ephemeral-resource.js';`,
    )
    .replace(/\bcdktn\./g, "cdktf.");

/** Each `<name>/index.ts`. The generators write for a laxer compiler than this project's. */
async function copyBindings(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const source = await readFile(join(from, entry.name, "index.ts"), "utf8");
    await mkdir(join(to, entry.name), { recursive: true });
    await writeFile(join(to, entry.name, "index.ts"), `// @ts-nocheck\n${source}`);
  }
}

/** The provider's own binding is left to the class that extends it. */
async function indexSource(outdir: string): Promise<string> {
  const folders = (await readdir(outdir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && entry.name !== "provider")
    .map((entry) => entry.name)
    .sort();
  return folders.map((name) => `export * from "./${name}/index.js";\n`).join("");
}
