/** The provider's packages that lie in a mirror, for this platform. */
import { accessSync, constants, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ADDRESSES, archivePattern, filesOf, hashOf, isProgram, thisPlatform } from "./package.js";
import type { PackageFile } from "./package.js";
import { unzip } from "./zip.js";

export interface PlacedPackage {
  readonly version: string;
  /** The folder of the unpacked layout, or the archive of the packed one. */
  readonly path: string;
  /** None if they are not there, or cannot be read. */
  readonly files: readonly PackageFile[];
  readonly hash: string;
}

/** The names that a version has in a mirror, in the unpacked and in the packed layout. */
const ENTRY = new RegExp(
  `^(\\d+\\.\\d+\\.\\d+(?:-[\\w.-]+)?)$|${archivePattern("(.+)", thisPlatform()).source}`,
);

/** Every version in a mirror, at every address. */
export const placedIn = (mirror: string): readonly PlacedPackage[] =>
  ADDRESSES.map((address) => join(mirror, address)).flatMap((folder) =>
    namesIn(folder).flatMap((entry) => {
      const [, ofFolder, version = ofFolder] = ENTRY.exec(entry) ?? [];
      if (version === undefined) return [];
      const path = join(folder, entry, ofFolder === undefined ? "" : thisPlatform());
      const files = filesAt(path);
      return { version, path, files, hash: hashOf(files) };
    }),
  );

/** The files of a package's folder or archive; none if they are not there, or cannot be read. */
export function filesAt(path: string): readonly PackageFile[] {
  try {
    return path.endsWith(".zip") ? unzip(readFileSync(path)) : filesOf(path);
  } catch {
    return [];
  }
}

/** The file that Terraform starts; undefined if this user may not execute it. */
export function programOf({ path, files }: PlacedPackage): string | undefined {
  const program = join(path, files.find(({ name }) => isProgram(name))?.name ?? "");
  try {
    accessSync(program, constants.X_OK);
    return program;
  } catch {
    return undefined;
  }
}

/** The names in a folder; none if it is no folder. */
export const namesIn = (folder: string): readonly string[] =>
  lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [];
