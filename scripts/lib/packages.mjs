import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** `node_modules/a/node_modules/@b/c` for a file in that package; undefined for another file. */
export function packagePath(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

/** The text of a package's licence, or undefined where it holds none. */
export function licenceText(folder, { path }) {
  const files = readdirSync(join(folder, path))
    .filter((file) => /^(licen[sc]e|copying)/i.test(file))
    .sort(byText);
  const texts = files.map((file) => readFileSync(join(folder, path, file), "utf8").trim());
  return texts.length === 0 ? undefined : texts.join("\n\n").replaceAll("\r\n", "\n");
}

/** By code units: the same order in every locale. */
export const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
