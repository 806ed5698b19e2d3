import { unzipSync, zipSync, type ZipOptions } from "fflate";

export interface ZipFile {
  /** With forward slashes, relative. */
  readonly name: string;
  readonly content: Uint8Array;
  /** Whoever unpacks the archive may run it. */
  readonly executable?: boolean;
}

/** Unix, so that the permissions count. The time is the first that a zip archive can hold. */
const OPTIONS: ZipOptions = { os: 3, mtime: new Date(1980, 0, 1), level: 9 };
const REGULAR_FILE = 0o100000;

/** A zip archive of these files, in order of name. Its bytes depend on the files alone. */
export function zip(files: readonly ZipFile[]): Buffer {
  const entries = [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, content, executable = false }) => {
      const mode = REGULAR_FILE | (executable ? 0o755 : 0o644);
      return [name, [content, { ...OPTIONS, attrs: mode * 0x10000 }]] as const;
    });
  return Buffer.from(zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]));
}

/**
 * The files of a zip archive, by name.
 *
 * @param check is called with each name before anything is unpacked; it throws to refuse one.
 * @throws if the archive cannot be read
 */
export function unzip(archive: Uint8Array, check: (name: string) => void): ZipFile[] {
  const files = unzipSync(archive, {
    filter: ({ name }) => {
      check(name);
      return true;
    },
  });
  return Object.entries(files).map(([name, content]) => ({ name, content }));
}
