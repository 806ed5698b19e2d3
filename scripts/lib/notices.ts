import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./machine.js";
import { placeFile } from "../../src/placement/real-files.js";

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
  const licences = parts.join(`\n${"-".repeat(80)}\n`);
  placeFile(root, "dist/LICENSES.txt", Buffer.from(licences));

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
  placeFile(root, "dist/sbom.cdx.json", Buffer.from(`${text}\n`));
}

const describe = ({ name, version, license }: Manifest) => ({
  type: "library",
  "bom-ref": `${name}@${version}`,
  name,
  version,
  purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
  license,
});

/** A package's own text of its licence: its files, or else the headers of its sources. */
function licenceOf(folder: string): string {
  const read = (file: string) => readFileSync(join(root, folder, file), "utf8");
  const all = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort();
  const files = all.filter((file) => /^(?:licen[sc]e|copying)/i.test(file)).map(read);
  const headers = all
    .filter((file) => file.endsWith(".js"))
    .map((file) => /^(?:\/\/.*\n)+/.exec(read(file))?.[0] ?? "")
    .filter((text) => /Licensed under|Redistribution and use/.test(text))
    .map((text) => text.replaceAll(/^\/\/ ?/gm, ""));
  const texts = files.length > 0 ? files : [...new Set(headers)];
  if (texts.length > 0)
    return texts.map((text) => text.replaceAll("\r\n", "\n").trim()).join("\n\n");
  throw new Error(`${folder} holds no text of its licence, so it may not be bundled.`);
}
