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
import { basename, join } from "node:path";
import { providerFolders, type Provider } from "./packages.js";
import { link, replaceFile } from "../../lib/replace-file.js";

/** What was done with a file. */
export interface Placed {
  readonly path: string;
  /** Whether it was not there before, or not with this content. */
  readonly written: boolean;
}

/**
 * Puts a provider into a mirror, in its unpacked layout: a folder for each platform, at each of the
 * provider's addresses. Equal files are one file with several names, where the file system has such.
 * Safe to repeat; other versions stay.
 */
export function placeUnpacked(mirror: string, provider: Provider): readonly Placed[] {
  const bySource = new Map<string, string[]>();
  const folders = new Map<string, readonly string[]>();
  for (const { platform, folder: from, files } of provider.packages) {
    for (const root of providerFolders(mirror)) {
      const folder = join(root, provider.version, platform);
      folders.set(folder, files);
      for (const file of files) {
        const source = join(from, file);
        bySource.set(source, [...(bySource.get(source) ?? []), join(folder, file)]);
      }
    }
  }
  const placed = [...bySource].flatMap(([source, targets]) => placeCopies(source, targets));
  for (const [folder, files] of folders) keepOnly(folder, files);
  return placed;
}

/** Copies a file to the first of these names, and links the others to that. */
function placeCopies(source: string, targets: readonly string[]): readonly Placed[] {
  const content = readFileSync(source);
  const mode = basename(source).startsWith("terraform-provider-") ? 0o755 : 0o644;
  const [first = ""] = targets;
  return targets.map((target) => {
    const written = !holds(target, content, mode);
    if (written) {
      replaceFile(target, (temporary) => {
        if (target !== first && link(first, temporary)) return;
        copyFileSync(source, temporary, constants.COPYFILE_FICLONE);
        chmodSync(temporary, mode);
      });
    }
    return { path: target, written };
  });
}

/**
 * Writes content to these files, whole or not at all, and only where it is another; to the first of
 * them, and links the others to that.
 */
export function placeContent(
  content: Buffer | string,
  ...paths: readonly string[]
): readonly Placed[] {
  const bytes = Buffer.from(content);
  const [first = ""] = paths;
  return paths.map((path) => {
    const written = !holds(path, bytes, 0);
    if (written) {
      replaceFile(path, (temporary) => {
        if (path !== first && link(first, temporary)) return;
        writeFileSync(temporary, bytes, { mode: 0o644 });
      });
    }
    return { path, written };
  });
}

/** Terraform's hash of a folder counts every file in it. */
function keepOnly(folder: string, names: readonly string[]): void {
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
