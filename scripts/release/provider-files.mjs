import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.mjs";

/**
 * A file of the provider's package for one platform.
 *
 * @typedef {{ name: string, content: Buffer, executable?: boolean }} ProviderFile
 */

/**
 * What Terraform gets for a platform, whichever way: the same files stand in the release's archive
 * and in the npm package, so that one h1 hash holds for both.
 *
 * @returns {ProviderFile[]} in order of name
 */
export function providerFiles({ executable, executableName, licences }) {
  return [
    { name: "LICENSE.txt", content: readFileSync(join(root, "LICENSE")) },
    { name: "THIRD-PARTY-LICENSES.txt", content: readFileSync(licences) },
    { name: executableName, content: readFileSync(executable), executable: true },
  ];
}

/** Terraform's h1 hash of a package of these files: over a line `hex(sha256(file))  name` for each. */
export function packageHash(files) {
  const sha256 = (content) => createHash("sha256").update(content);
  const lines = files
    .map(({ name, content }) => ({ name, line: `${sha256(content).digest("hex")}  ${name}\n` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ line }) => line);
  return `h1:${sha256(lines.join("")).digest("base64")}`;
}
