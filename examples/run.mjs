// Runs an example's TypeScript, as its cdktf.json asks: node examples/run.mjs <name>
//
// In a project of your own, `app` is what `cdktf init` wrote; only examples/<name>/main.ts matters.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const examples = dirname(fileURLToPath(import.meta.url));
const name = process.argv[2] ?? "";
const entry = join(examples, name, "main.ts");
if (name === "" || !existsSync(entry)) {
  console.error(`There is no example "${name}" in ${examples}.`);
  process.exit(2);
}

const outfile = join(examples, "../.cache/examples", `${name}.cjs`);
// It reads tsconfig.json, whose paths lead terraform-provider-polyai to this clone's lib/.
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  logLevel: "warning",
});
await import(pathToFileURL(outfile).href);
