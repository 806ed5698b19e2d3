import { existsSync, readFileSync } from "node:fs";
import { ADDRESSES, isProgram, PACKAGE, type ProviderPackage } from "./package.js";
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
  const nameFor = (platform: string) => `${PACKAGE}_${version}_${platform}.zip`;
  const archives = Object.fromEntries(
    packages.flatMap(({ platforms, hash }) =>
      platforms.map((platform) => [platform, { hashes: [hash], url: nameFor(platform) }]),
    ),
  );
  return [
    ...packages.flatMap((one) =>
      placeFile(
        mirror,
        ADDRESSES.flatMap((address) =>
          one.platforms.map((platform) => `${address}/${nameFor(platform)}`),
        ),
        one.archive ??
          zip(one.files.map((file) => ({ ...file, executable: isProgram(file.name) }))),
      ),
    ),
    ...placeFile(
      mirror,
      ADDRESSES.map((address) => `${address}/${version}.json`),
      json({ archives }),
    ),
    ...ADDRESSES.flatMap((address) => {
      const index = `${address}/index.json`;
      const versions = { ...versionsIn(realPath(mirror, index)), [version]: {} };
      return placeFile(mirror, [index], json({ versions }));
    }),
  ];
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** Those that the mirror has already. */
function versionsIn(index: string): object {
  if (!existsSync(index)) return {};
  return (JSON.parse(readFileSync(index, "utf8")) as { versions?: object }).versions ?? {};
}
