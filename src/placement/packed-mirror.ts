import { existsSync, readFileSync } from "node:fs";
import { ADDRESSES, archiveName, type ProviderPackage } from "./package.js";
import { placeFile, realPath, type Placed } from "./real-files.js";
import { zip } from "./zip.js";

/**
 * Places packages in a mirror's packed layout: an archive for each platform, and the index that
 * `terraform providers mirror` writes. Served over HTTPS, the folder is a network mirror.
 */
export function placePacked(
  mirror: string,
  packages: readonly ProviderPackage[],
): readonly Placed[] {
  const [{ version }] = packages as [ProviderPackage];
  const archives = Object.fromEntries(
    packages.flatMap(({ platforms, hash }) =>
      platforms.map((platform) => [
        platform,
        { hashes: [hash], url: archiveName(version, platform) },
      ]),
    ),
  );
  return ADDRESSES.flatMap((address) => {
    const put = (name: string, content: Uint8Array) =>
      placeFile(mirror, `${address}/${name}`, content);
    // Whatever else the mirror has stays.
    const before = (file: string, name: string) =>
      memberIn(realPath(mirror, `${address}/${file}`), name);
    const versions = { ...before("index.json", "versions"), [version]: {} };
    const others = Object.entries(before(`${version}.json`, "archives")).filter(([platform]) =>
      existsSync(realPath(mirror, `${address}/${archiveName(version, platform)}`)),
    );
    const all = { ...Object.fromEntries(others), ...archives };
    return [
      ...packages.flatMap(({ platforms, archive, files }) => {
        const zipped = archive ?? zip(files);
        return platforms.map((platform) => put(archiveName(version, platform), zipped));
      }),
      put(`${version}.json`, json({ archives: all })),
      put("index.json", json({ versions })),
    ];
  });
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

const memberIn = (file: string, name: string): object =>
  existsSync(file)
    ? ((JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, object>>)[name] ?? {})
    : {};
