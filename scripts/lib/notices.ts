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

/** A package's own text of its licence: its files, else the end of its README, else source headers. */
function licenceOf(folder: string): string {
  const named = (pattern: RegExp) =>
    readdirSync(join(root, folder))
      .filter((file) => pattern.test(file))
      .sort()
      .map((file) => readFileSync(join(root, folder, file), "utf8"));
  let texts: readonly string[] = named(/^(licen[sc]e|copying)/i);
  if (texts.length === 0) {
    texts = named(/^readme/i).flatMap(
      (text) => /^License\n-+\n(.*SOFTWARE\.)$/ms.exec(text)?.[1] ?? [],
    );
  }
  if (texts.length === 0) texts = licenceHeaders(join(root, folder));
  if (texts.length > 0)
    return texts
      .map((text) => text.trim())
      .join("\n\n")
      .replaceAll("\r\n", "\n")
      .replace(/&lt;(.*?)&gt;/g, "<$1>");
  throw new Error(`${folder} holds no text of its licence, so it may not be bundled.`);
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
