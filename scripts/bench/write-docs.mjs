// node scripts/bench/write-docs.mjs RESULTS.json: docs/performance.md and its chart once more, from
// what a run left.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.mjs";
import { isMain, main } from "../lib/process.mjs";
import { chart } from "./chart.mjs";
import { page } from "./page.mjs";

/** Writes docs/performance.md and its chart below a folder. */
export function writeDocs(results, folder) {
  writeFileSync(join(folder, "docs/performance.md"), page(results));
  writeFileSync(join(folder, "docs/performance.svg"), chart(results));
}

if (isMain(import.meta.url)) {
  await main(() => {
    const [file] = process.argv.slice(2);
    if (file === undefined)
      throw new Error("Say which run: .cache/bench/terraform.json or the like.");
    writeDocs(JSON.parse(readFileSync(file, "utf8")), root);
  });
}
