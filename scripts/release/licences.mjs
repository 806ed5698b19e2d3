import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BUN_VERSION } from "../lib/bun.mjs";
import { root } from "../lib/paths.mjs";
import { byText, packagePath } from "../lib/packages.mjs";
import { textOf } from "../publish/licences.mjs";

const RULE = "-".repeat(80);

// From LICENSE.md of Bun's repository at the tag of this version.
const BUN = `Bun ${BUN_VERSION} (MIT)

The executable is Bun's runtime with the provider's JavaScript inside. Bun is under the MIT licence;
https://github.com/oven-sh/bun/blob/bun-v${BUN_VERSION}/LICENSE.md says so, and names the libraries that
are linked into it with their licences. One of them is JavaScriptCore of WebKit, under the GNU
Library General Public License, version 2: its source, as Bun changes it, is at
https://github.com/oven-sh/WebKit. Whoever changes it and links Bun anew can put the provider on that
runtime: the npm package terraform-provider-polyai holds the provider's JavaScript, and
\`bun build --compile --compile-executable-path=RUNTIME\` joins the two.`;

/**
 * The licences of what an executable holds besides the provider's own code, as one text. Throws
 * where a package brings none.
 *
 * @param {{ inputs: object }} metafile esbuild's, of the bundle
 */
export function executableLicences(metafile) {
  const folders = new Set(Object.keys(metafile.inputs).map(packagePath).filter(Boolean));
  const packages = [...folders].sort(byText).map((path) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(root, path, "package.json"), "utf8"),
    );
    const text = textOf(root, { path, licence: license, files: ["the executable"] });
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return [
    "The provider's executable holds what is named below, each part under its own licence.",
    BUN,
    ...packages,
    "",
  ].join(`\n\n${RULE}\n`);
}
