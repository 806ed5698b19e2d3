// npm pack and npm publish run this first: what the package says of the code that is inside dist/.
import { join } from "node:path";
import { writeWhole } from "../lib/files.mjs";
import { root } from "../lib/paths.mjs";
import { isMain, main } from "../lib/process.mjs";
import { bundledPackages } from "./bundled.mjs";
import { licences } from "./licences.mjs";
import { sbom } from "./sbom.mjs";

export const SBOM = "dist/sbom.cdx.json";
export const LICENCES = "dist/LICENSES.txt";

export async function prepack(folder = root) {
  writeWhole(join(folder, LICENCES), licences(folder, bundledPackages(folder)));
  writeWhole(join(folder, SBOM), `${JSON.stringify(await sbom(folder), null, 2)}\n`);
}

if (isMain(import.meta.url)) await main(() => prepack());
