import { unzipSync, zipSync, type Zippable, type ZipOptions } from "fflate";
import { modeOf, type PackageFile } from "./package.js";

/** Unix, so that the permissions count. The time is the first that a zip archive can hold. */
const OPTIONS: ZipOptions = { os: 3, mtime: new Date(1980, 0, 1), level: 9 };
const REGULAR_FILE = 0o100000;

/** A zip archive of a package's files, in order of name. Its bytes depend on the files alone. */
export function zip(files: readonly PackageFile[]): Buffer {
  const entries: Zippable = {};
  for (const { name, content } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    entries[name] = [content, { ...OPTIONS, attrs: (REGULAR_FILE | modeOf(name)) * 0x10000 }];
  }
  return Buffer.from(zipSync(entries));
}

/** The files of a zip archive. @throws if it cannot be read */
export const unzip = (archive: Uint8Array): readonly PackageFile[] =>
  Object.entries(unzipSync(archive)).map(([name, content]) => ({ name, content }));
