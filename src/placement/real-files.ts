/** Files below a folder that somebody named: written whole or not at all, and never through a link. */
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A file that is in place. */
export interface Placed {
  readonly path: string;
  /** True if it was not there before, or not with this content. */
  readonly written: boolean;
}

/**
 * A path below a folder. Behind a symbolic link there may be anybody's files, so there must be none.
 *
 * @param path relative, with forward slashes
 * @throws if a part of the path is a symbolic link
 */
export function realPath(folder: string, path: string): string {
  let at = folder;
  for (const part of path.split("/").filter((each) => each !== ".")) {
    at = join(at, part);
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new Error(
        `${at} is a symbolic link, behind which nothing is changed: remove the link.`,
      );
    }
  }
  return at;
}

/**
 * Puts a file below a folder, and makes the folders for it. Whoever reads it meanwhile sees the old or
 * the new one.
 */
export function placeFile(folder: string, path: string, content: Uint8Array, mode = 0o644): Placed {
  const file = realPath(folder, path);
  if (holds(file, content, mode)) return { path: file, written: false };
  mkdirSync(dirname(file), { recursive: true });
  // If this process is killed, a file stays: in a package's folder, it would change the hash.
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString("hex")}`);
  try {
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return { path: file, written: true };
}

function holds(file: string, content: Uint8Array, mode: number): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size !== content.length) return false;
  // The umask may take the others' permissions; Windows has none.
  const owner = mode & 0o700;
  if (process.platform !== "win32" && (found.mode & owner) !== owner) return false;
  return readFileSync(file).equals(content);
}
