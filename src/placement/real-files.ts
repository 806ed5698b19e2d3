/** Files below a folder that somebody named: written whole or not at all, and never through a link. */
import { randomBytes } from "node:crypto";
import { linkSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
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
 * Puts a file in several places below a folder. The first is a copy, the others are hard links to it
 * if the file system has such. Never a link to a package's own file: a rebuild of one must not reach
 * into what is locked by its hash.
 */
export function placeFile(
  folder: string,
  paths: readonly string[],
  content: Uint8Array,
  mode = 0o644,
): readonly Placed[] {
  const files = paths.map((path) => realPath(folder, path));
  return files.map((path) => {
    const written = !holds(path, content, mode);
    if (written) {
      replaceFile(path, (temporary) => {
        if (path !== files[0] && link(files[0] as string, temporary)) return;
        writeFileSync(temporary, content, { mode });
      });
    }
    return { path, written };
  });
}

function holds(file: string, content: Uint8Array, mode: number): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size !== content.length) return false;
  // Windows has no such permissions.
  if (process.platform !== "win32" && (found.mode & mode) !== mode) return false;
  return readFileSync(file).equals(content);
}

/** Whoever reads the file meanwhile sees the old or the new one. Makes its folder. */
function replaceFile(file: string, write: (temporary: string) => void): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}`);
  try {
    write(temporary);
    renameSync(temporary, file);
  } finally {
    // Renaming onto another link to the same file does nothing (POSIX rename), and leaves this one.
    rmSync(temporary, { force: true });
  }
}

/** False on another file system, or on one without hard links. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}
