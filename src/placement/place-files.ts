import {
  chmodSync,
  constants,
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isProgram, type PackageFiles } from "./bundled-plugin.js";
import { link, replaceFile } from "./replace-file.js";

/** A file that is in place. */
export interface Placed {
  readonly path: string;
  /** True if it was not there before, or not with this content. */
  readonly written: boolean;
}

/**
 * Puts a package's files, and nothing else, into each of these folders. The first gets copies, never
 * links to the package's own files: a rebuild or an edit of one must not reach into what is locked by
 * its hash. The others get links to the copies, if the file system has such. Safe to repeat, and to
 * run from several processes at once.
 */
export function placePackage(
  { folder: from, files }: Pick<PackageFiles, "folder" | "files">,
  folders: readonly string[],
): readonly Placed[] {
  const placed = files.flatMap((file) => {
    const source = join(from, file);
    const mode = isProgram(file) ? 0o755 : 0o644;
    const targets = folders.map((folder) => join(folder, file));
    return placeEverywhere(targets, readFileSync(source), mode, (temporary) => {
      copyFileSync(source, temporary, constants.COPYFILE_FICLONE);
      chmodSync(temporary, mode);
    });
  });
  for (const folder of folders) keepOnly(folder, files);
  return placed;
}

/** The same with content that is in no file. */
export function placeContent(
  content: Buffer | string,
  ...paths: readonly string[]
): readonly Placed[] {
  const bytes = Buffer.from(content);
  return placeEverywhere(paths, bytes, 0o644, (temporary) =>
    writeFileSync(temporary, bytes, { mode: 0o644 }),
  );
}

function placeEverywhere(
  paths: readonly string[],
  content: Buffer,
  mode: number,
  write: (temporary: string) => void,
): readonly Placed[] {
  const [first = ""] = paths;
  return paths.map((path) => {
    const written = !holds(path, content, mode);
    if (written) {
      replaceFile(path, (temporary) => {
        if (path === first || !link(first, temporary)) write(temporary);
      });
    }
    return { path, written };
  });
}

/** Removes everything else from a folder, since Terraform's hash of a folder counts every file. */
export function keepOnly(folder: string, names: readonly string[]): void {
  for (const entry of readdirSync(folder)) {
    // Another process may be about to rename its copy.
    if (names.some((name) => entry === name || entry.startsWith(`.${name}.`))) continue;
    rmSync(join(folder, entry), { recursive: true, force: true });
  }
}

function holds(file: string, content: Buffer, mode: number): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size !== content.length) return false;
  // Windows has no such permissions.
  if (process.platform !== "win32" && (found.mode & mode) !== mode) return false;
  return readFileSync(file).equals(content);
}
