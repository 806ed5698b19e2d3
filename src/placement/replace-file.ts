import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Puts a file in place whole or not at all, whoever reads it meanwhile. Makes its folder.
 *
 * @param write makes the file under the name that it is given
 * @throws what the file system says
 */
export function replaceFile(file: string, write: (temporary: string) => void): void {
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

/** Links to a file. False on another file system, or one without hard links. */
export function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}
