import { readFileSync } from "node:fs";
import { join } from "node:path";
import { byText, licenceText } from "../lib/packages.mjs";

// For a package that names its licence and holds no text of it. From https://spdx.org/licenses/MIT
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const RULE = "-".repeat(80);

/**
 * The licences of all packages inside dist/, as one text. Throws where a package has none that
 * could be given along.
 *
 * @param {import("./bundled.mjs").Bundled[]} bundled
 */
export function licences(folder, bundled) {
  const parts = merged(bundled).map((each) => `${titleOf(each)}\n\n${textOf(folder, each)}`);
  const opening = "dist/ holds code of the packages below, each under its own licence.";
  return `${[opening, ...parts].join(`\n\n${RULE}\n`)}\n`;
}

// The same version may lie in several folders.
function merged(bundled) {
  const all = new Map();
  for (const each of bundled) {
    const key = `${each.name} ${each.version}`;
    const files = [...(all.get(key)?.files ?? []), ...each.files];
    all.set(key, { ...each, files: [...new Set(files)].sort(byText) });
  }
  return [...all.values()];
}

const titleOf = ({ name, version, licence, files }) =>
  `${name} ${version} (${licence}), in ${files.join(", ")}`;

/** The text of a package's licence. Throws where it gives none. */
export function textOf(folder, each) {
  const text = licenceText(folder, each);
  if (text !== undefined) return text;
  const { author } = JSON.parse(readFileSync(join(folder, each.path, "package.json"), "utf8"));
  if (each.licence === "MIT" && typeof author === "string") {
    return `MIT License\n\nCopyright (c) ${author}\n\n${MIT}`;
  }
  throw new Error(
    `${each.path} holds no licence text (${each.licence}), so ${each.files.join(" and ")} may not hold its code.`,
  );
}
