import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./machine.js";
import { writeIfChanged } from "./write.js";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly author?: unknown;
}

// For a package that names its licence and holds no text of it. From https://spdx.org/licenses/MIT
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;

/**
 * Writes what the package says of the code of others inside dist/: each package's licence
 * (dist/LICENSES.txt) and the list of them (dist/sbom.cdx.json, CycloneDX 1.5).
 *
 * @param folders of the packages, from the root: "node_modules/axios" …
 */
export function writeNotices(folders: readonly string[]): void {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { integrity?: string }>;
  };
  const parts = folders.map((folder) => {
    const { name, version, license } = manifestOf(folder);
    return `${name} ${version} (${license})\n\n${licenceOf(folder)}\n`;
  });
  writeIfChanged(join(root, "dist/LICENSES.txt"), parts.join(`\n${"-".repeat(80)}\n`));

  const components = folders.map((folder) => {
    const { license, ...component } = describe(manifestOf(folder));
    const sha512 = packages[folder]?.integrity?.replace("sha512-", "") ?? "";
    const hash = Buffer.from(sha512, "base64").toString("hex");
    return {
      ...component,
      licenses: [
        / (AND|OR) /.test(license) ? { expression: license } : { license: { id: license } },
      ],
      hashes: [{ alg: "SHA-512", content: hash }],
    };
  });
  const { license: _, ...component } = describe(manifestOf("."));
  const sbom = { bomFormat: "CycloneDX", specVersion: "1.5", version: 1, metadata: { component } };
  const text = JSON.stringify({ ...sbom, components }, null, 2);
  writeIfChanged(join(root, "dist/sbom.cdx.json"), `${text}\n`);
}

const describe = ({ name, version, license }: Manifest) => ({
  type: "library",
  "bom-ref": `${name}@${version}`,
  name,
  version,
  purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
  license,
});

function licenceOf(folder: string): string {
  const files = readdirSync(join(root, folder)).filter((file) =>
    /^(licen[sc]e|copying)/i.test(file),
  );
  if (files.length === 0) {
    const { license, author } = manifestOf(folder);
    if (license === "MIT" && typeof author === "string") return `Copyright (c) ${author}\n\n${MIT}`;
    const headers = licenceHeaders(join(root, folder));
    if (headers.length > 0) return headers.join("\n\n");
    throw new Error(`${folder} holds no text of its licence, so it may not be bundled.`);
  }
  const texts = files.sort().map((file) => readFileSync(join(root, folder, file), "utf8").trim());
  return texts.join("\n\n").replaceAll("\r\n", "\n");
}

/** The licences that the sources of a package begin with. */
function licenceHeaders(folder: string): readonly string[] {
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .sort()
    .map((file) => /^(\/\/.*\n)+/.exec(readFileSync(join(folder, file), "utf8"))?.[0] ?? "");
  const headers = sources.filter((text) => /Licensed under|Redistribution and use/.test(text));
  return [...new Set(headers)].map((text) => text.replaceAll(/^\/\/ ?/gm, "").trim());
}
