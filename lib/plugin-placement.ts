/**
 * Puts the provider beside a synthesized stack, where `terraform init` and `tofu init` look before
 * they ask a registry: `terraform.d/plugins/` is an implied local mirror of the working directory.
 */
import {
  chmodSync,
  constants,
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BundledPlugin } from "./bundled-plugin.js";
import type { ExecutablePackage } from "./executable-packages.js";
import { mergeLockEntry } from "./lock-file.js";
import { link, replaceFile } from "./replace-file.js";

/** Full, since a bare polyai/polyai means another registry under OpenTofu. */
export const PROVIDER_ADDRESS = "registry.terraform.io/polyai/polyai";

export const LOCK_FILE = ".terraform.lock.hcl";

/** The coarsest in which a file system keeps times (FAT), in milliseconds. */
const TIME_RESOLUTION = 2000;

/**
 * Those whose systems start a script by its first line. All of them are served, so that a stack
 * synthesized on one machine deploys on another.
 */
export const NODE_PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];

/**
 * Places the plugin and its lock entry in a stack's folder. Safe to repeat, and to run from several
 * processes at once: each file is written under another name and renamed.
 */
export function placePlugin(folder: string, plugin: BundledPlugin): void {
  const packages = packagesFolder(folder, plugin.version);
  const [first, ...others] = NODE_PLATFORMS.map((platform) =>
    join(packages, platform, basename(plugin.file)),
  ) as [string, ...string[]];

  const content = readFileSync(plugin.file);
  if (!holds(first, content)) {
    // A copy, never a link to the package's own file: a rebuild or an edit of one must not reach
    // into what is locked by its hash.
    replaceFile(first, (temporary) => {
      copyFileSync(plugin.file, temporary, constants.COPYFILE_FICLONE);
      chmodSync(temporary, 0o755);
    });
  }
  for (const other of others) {
    if (!isSame(first, other)) replaceFile(other, (temporary) => linkOrCopy(first, temporary));
  }
  for (const platform of NODE_PLATFORMS)
    keepOnly(join(packages, platform), [basename(plugin.file)]);
  keepOnly(packages, NODE_PLATFORMS);
  keepOnly(dirname(packages), [plugin.version]);
  lock(folder, plugin.version, [plugin.hash]);
}

/**
 * Places executables, one for each platform, and their lock entry in a stack's folder. Safe to
 * repeat, and to run from several processes at once.
 *
 * A file is 100 MB, so it is linked to, or where that cannot be, copied once: npm replaces a
 * package's files and never writes into them, and Terraform checks the hash whenever it starts one.
 *
 * @param executables of one version, at least one.
 */
export function placeExecutables(folder: string, executables: readonly ExecutablePackage[]): void {
  const [{ version }] = executables as [ExecutablePackage];
  const packages = packagesFolder(folder, version);
  for (const { platform, folder: from, files } of executables) {
    for (const file of files) placeLarge(join(from, file), join(packages, platform, file));
    keepOnly(join(packages, platform), files);
  }
  keepOnly(
    packages,
    executables.map(({ platform }) => platform),
  );
  keepOnly(dirname(packages), [version]);
  lock(
    folder,
    version,
    executables.map(({ hash }) => hash),
  );
}

/** The folder of a version's packages, one for each platform, beside a stack. */
const packagesFolder = (folder: string, version: string): string =>
  join(folder, "terraform.d", "plugins", ...PROVIDER_ADDRESS.split("/"), version);

function placeLarge(from: string, to: string): void {
  if (isSameOrCopyOf(from, to)) return;
  replaceFile(to, (temporary) => {
    if (link(from, temporary)) return;
    copyFileSync(from, temporary, constants.COPYFILE_FICLONE);
    const { atime, mtime } = statSync(from);
    // What tells the copy from another version's, without reading either.
    utimesSync(temporary, atime, mtime);
  });
}

function isSameOrCopyOf(from: string, to: string): boolean {
  try {
    const [a, b] = [statSync(from), statSync(to)];
    if (a.ino === b.ino && a.dev === b.dev) return true;
    const isSameTime = Math.abs(a.mtimeMs - b.mtimeMs) <= TIME_RESOLUTION;
    return a.size === b.size && isSameTime && a.mode === b.mode;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function lock(folder: string, version: string, hashes: readonly string[]): void {
  const file = join(folder, LOCK_FILE);
  const before = readLockFile(folder);
  const after = mergeLockEntry(before, {
    address: PROVIDER_ADDRESS,
    version,
    constraints: version,
    hashes,
  });
  if (after !== before) replaceFile(file, (temporary) => writeFileSync(temporary, after));
}

/** The text of a stack's lock file; empty where there is none. */
export function readLockFile(folder: string): string {
  try {
    return readFileSync(join(folder, LOCK_FILE), "utf8");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}

function holds(file: string, content: Buffer): boolean {
  try {
    const { mode, size } = statSync(file);
    return (mode & 0o111) !== 0 && size === content.length && readFileSync(file).equals(content);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Whether both names lead to one file, or to two of the same content. */
function isSame(first: string, other: string): boolean {
  try {
    const a = statSync(first);
    const b = statSync(other);
    return (a.ino === b.ino && a.dev === b.dev) || holds(other, readFileSync(first));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function linkOrCopy(from: string, to: string): void {
  if (link(from, to)) return;
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}

/** What was placed before, in another version or for another runtime, is not locked any more. */
function keepOnly(folder: string, names: readonly string[]): void {
  for (const entry of readdirSync(folder)) {
    // Another process may be about to rename a file that begins with a dot.
    if (names.includes(entry) || entry.startsWith(".")) continue;
    rmSync(join(folder, entry), { recursive: true, force: true });
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
