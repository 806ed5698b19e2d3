/**
 * Puts the provider beside a synthesized stack, where `terraform init` and `tofu init` look before
 * they ask a registry: `terraform.d/plugins/` is an implied local mirror of the working directory.
 */
import {
  constants,
  copyFileSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { PackageFiles } from "./bundled-plugin.js";
import type { ExecutablePackage } from "./executable-packages.js";
import { mergeLockEntry } from "./lock-file.js";
import { keepOnly, placePackage } from "./place-files.js";
import { link, replaceFile } from "./replace-file.js";

/** Full, since a bare polyai/polyai means another registry under OpenTofu. */
export const PROVIDER_ADDRESS = "registry.terraform.io/polyai/polyai";

export const LOCK_FILE = ".terraform.lock.hcl";

/** The coarsest in which a file system keeps times (FAT), in milliseconds. */
const TIME_RESOLUTION = 2000;

/**
 * The platforms with a POSIX shell, which runs the launcher. All of them are served, so that a stack
 * synthesized on one machine deploys on another.
 */
export const NODE_PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];

/**
 * Places the plugin and its lock entry in a stack's folder. Safe to repeat, and to run from several
 * processes at once: each file is written under another name and renamed.
 */
export function placePlugin(folder: string, plugin: PackageFiles): void {
  const packages = packagesFolder(folder, plugin.version);
  placePackage(
    plugin,
    NODE_PLATFORMS.map((platform) => join(packages, platform)),
  );
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
    // The times tell the copy from another version's, without reading either.
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

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
