import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./machine.js";
import { writeIfChanged } from "./write.js";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

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
      licenses: [{ license: { id: license } }],
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
  if (files.length === 0) return "The package holds no text of its licence.";
  const texts = files.sort().map((file) => readFileSync(join(root, folder, file), "utf8").trim());
  return texts.join("\n\n").replaceAll("\r\n", "\n");
}
