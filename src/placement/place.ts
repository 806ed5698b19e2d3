/** Puts packages where Terraform and OpenTofu find them: one way for constructs and command. */
import { lstatSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { mergeLockEntry } from "./lock-file.js";
import { ADDRESSES, isProgram, type ProviderPackage } from "./package.js";
import { placeFile, realPath, type Placed } from "./real-files.js";

export const LOCK_FILE = ".terraform.lock.hcl";

/** The implied local mirror beside a configuration. */
export const BESIDE = "terraform.d/plugins";

/** Names of ours in a mirror: a version's folder, a platform's in it, and a package's files. */
const VERSION = /^\d+\.\d+\.\d+/;
const PLATFORM = /^[a-z0-9]+_[a-z0-9]+$/;
const FILE = /^(terraform-provider-polyai_v.+|[a-z-]+\.cjs|[A-Z-]+\.txt)$/;
/** Another process may be about to rename its copy. */
const TEMPORARY = /^\..+\.[0-9a-f]{12}$/;

/**
 * Places packages beside a configuration, and their lock entry, and removes what was placed there
 * before. Safe to repeat, and to run from several processes at once.
 *
 * @param packages of one version, at least one
 * @throws if there is a symbolic link below the folder, or a file that is not ours in the way
 */
export function placeBeside(folder: string, packages: readonly ProviderPackage[]): void {
  const [{ version }] = packages as [ProviderPackage];
  realPath(folder, LOCK_FILE);
  placeUnpacked(folder, BESIDE, packages, [PROVIDER_ADDRESS]);
  const ours = `${BESIDE}/${PROVIDER_ADDRESS}`;
  const platforms = packages.flatMap((each) => each.platforms);
  for (const old of entriesOf(folder, ours)) {
    if (!VERSION.test(old)) continue;
    for (const platform of entriesOf(folder, `${ours}/${old}`)) {
      if (old !== version || !platforms.includes(platform)) {
        removePackage(folder, `${ours}/${old}/${platform}`);
      }
    }
  }
  const before = readLockFile(folder);
  const hashes = packages.map(({ hash }) => hash);
  const entry = { address: PROVIDER_ADDRESS, version, constraints: version, hashes };
  const after = mergeLockEntry(before, entry);
  if (after !== before) placeFile(folder, [LOCK_FILE], Buffer.from(after));
}

/**
 * Places packages in a mirror's unpacked layout: a folder for each platform, at each address. Other
 * versions stay.
 *
 * @param folder the one that somebody named: below it, no link is followed
 * @param mirror below the folder; "." for the folder itself
 */
export function placeUnpacked(
  folder: string,
  mirror: string,
  packages: readonly ProviderPackage[],
  addresses = ADDRESSES,
): readonly Placed[] {
  return packages.flatMap(({ version, platforms, files }) => {
    const targets = addresses.flatMap((address) =>
      platforms.map((platform) => `${mirror}/${address}/${version}/${platform}`),
    );
    for (const target of targets) {
      const names = files.map(({ name }) => name);
      removeFiles(folder, target, names);
      // Terraform's hash of a package counts every file.
      const stray = entriesOf(folder, target).find((name) => !names.includes(name));
      if (stray !== undefined) {
        throw new Error(
          `${join(folder, target, stray)} is no file of the provider, and would change its hash: ` +
            "remove it.",
        );
      }
    }
    return files.flatMap(({ name, content }) =>
      placeFile(
        folder,
        targets.map((target) => `${target}/${name}`),
        content,
        isProgram(name) ? 0o755 : 0o644,
      ),
    );
  });
}

/**
 * Removes the provider from a mirror, in all versions.
 *
 * @returns the folders that it was in
 */
export function removeFrom(mirror: string): readonly string[] {
  return ADDRESSES.filter((address) => entriesOf(mirror, address).length > 0).map((address) => {
    for (const entry of entriesOf(mirror, address)) {
      const path = `${address}/${entry}`;
      if (!VERSION.test(entry)) continue;
      for (const platform of entriesOf(mirror, path)) removePackage(mirror, `${path}/${platform}`);
    }
    removeEmpty(mirror, address);
    return join(mirror, address);
  });
}

/** Removes a package's folder, as far as it is ours, and the folders around it that are then empty. */
function removePackage(folder: string, path: string): void {
  if (!PLATFORM.test(path.slice(path.lastIndexOf("/") + 1))) return;
  removeFiles(folder, path, []);
  removeEmpty(folder, path);
}

/** Removes from a package's folder the files of ours, but for those to keep. */
function removeFiles(folder: string, path: string, keep: readonly string[]): void {
  for (const name of entriesOf(folder, path)) {
    if (!FILE.test(name) || keep.includes(name)) continue;
    const file = join(folder, path, name);
    if (!lstatSync(file).isDirectory()) rmSync(file, { force: true });
  }
}

/** Removes an empty folder, and those around it below `folder` that are empty then. */
function removeEmpty(folder: string, path: string): void {
  try {
    for (let at = path; at !== "."; at = dirname(at)) rmdirSync(join(folder, at));
  } catch {
    // It is not empty, or another process was faster.
  }
}

/** The names in a folder; none if it is not there. @throws if there is a link on the way to it */
function entriesOf(folder: string, path: string): readonly string[] {
  const at = realPath(folder, path);
  if (lstatSync(at, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(at).filter((name) => !TEMPORARY.test(name));
}

/** The text of a configuration's lock file; empty if there is none. */
export function readLockFile(folder: string): string {
  try {
    return readFileSync(join(folder, LOCK_FILE), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
