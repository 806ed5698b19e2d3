import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { byText, packagePath } from "../lib/packages.mjs";

/**
 * A package of node_modules that esbuild put into a file of dist/.
 *
 * @typedef {{ name: string, version: string, path: string, licence: string, integrity?: string,
 *   files: string[] }} Bundled
 * `path` is its folder, as package-lock.json has it; `licence` an SPDX expression; `files` says
 * which files of dist/ hold it.
 */

// esbuild names each module in a comment above it.
const MODULE = /^\s*\/\/ (node_modules\/\S.*)$/gm;
/**
 * The packages inside the files of dist/, found in those files themselves, by path.
 *
 * @param {string} folder the project's root, built and with its packages installed
 * @returns {Bundled[]}
 */
export function bundledPackages(folder) {
  const locked = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages;
  const holders = new Map();
  const note = (path, file) => holders.set(path, (holders.get(path) ?? new Set()).add(file));
  for (const file of bundles(folder)) {
    for (const path of packagesNamedIn(readFileSync(join(folder, file), "utf8"))) note(path, file);
  }
  return [...holders.keys()].sort(byText).map((path) => {
    const { version, license, integrity } = locked[path] ?? {};
    if (version === undefined) throw new Error(`package-lock.json knows no ${path}.`);
    return {
      name: packageName(path),
      version,
      path,
      licence: license ?? "NOASSERTION",
      integrity,
      files: [...holders.get(path)].sort(byText),
    };
  });
}

/** The folders of the packages whose modules a bundle's comments, or a metafile's inputs, name. */
export function packagesNamedIn(text) {
  return new Set([...text.matchAll(MODULE)].map(([, file]) => packagePath(file)));
}

const packageName = (path) => path.slice(path.lastIndexOf("node_modules/") + 13);

/** Files that esbuild made: scripts other than what tsc compiles, which bundles nothing. */
function bundles(folder) {
  const dist = join(folder, "dist");
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(join("dist", "npm")))
    .filter((file) => /\.c?js$/.test(file))
    .map((file) => file.replaceAll("\\", "/"))
    .sort(byText);
}
