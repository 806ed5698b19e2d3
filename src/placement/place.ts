/** Puts packages where Terraform and OpenTofu find them: one way for constructs and command. */
import { lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { LOCK_FILE, mergeLockEntry, readLockFile, type LockEntry } from "./lock-file.js";
import { ADDRESSES, modeOf, type ProviderPackage } from "./package.js";
import { placeFile, realPath, type Placed } from "./real-files.js";

/** The implied local mirror beside a configuration. */
export const BESIDE = "terraform.d/plugins";

/** Lies beside the versions, since the hash of a package counts every file in it. */
const GIT_ATTRIBUTES = Buffer.from(
  "# Terraform compares these files byte by byte, so git changes no line end.\n* binary\n",
);

/** A file of ours in a mirror: version, platform, name. */
const OURS =
  /[\\/]\d+\.\d+\.\d[^\\/]*[\\/][a-z0-9]+_[a-z0-9]+[\\/](terraform-provider-polyai_v.+|[a-z-]+\.cjs|[A-Z-]+\.txt)$|[\\/]polyai[\\/]\.gitattributes$/;

/**
 * Places packages beside a configuration, and their lock entry, and removes what was placed there
 * before. Safe to repeat, and to run from several processes at once.
 *
 * @param packages of one version, at least one
 * @param others entries of other providers, for those that have none yet
 * @throws if the lock file is not understood, or there is a symbolic link below the folder, or a file that is not ours in the way
 */
export function placeBeside(
  folder: string,
  packages: readonly ProviderPackage[],
  others: readonly LockEntry[] = [],
): void {
  const [{ version }] = packages as [ProviderPackage];
  realPath(folder, LOCK_FILE);
  const lockFile = readLockFile(folder);
  const placed = placeUnpacked(folder, BESIDE, packages, [PROVIDER_ADDRESS]);
  removeFiles(folder, `${BESIDE}/${PROVIDER_ADDRESS}`, placed);
  const hashes = packages.map(({ hash }) => hash);
  const ours = { address: PROVIDER_ADDRESS, version, constraints: version, hashes };
  const missing = others.filter(({ address }) =>
    lockFile.blocks.every((block) => block.address !== address),
  );
  const { text } = [...missing, ours].reduce(mergeLockEntry, lockFile);
  if (text !== lockFile.text) placeFile(folder, LOCK_FILE, Buffer.from(text, "latin1"));
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
  const place = ({ files }: ProviderPackage, target: string): readonly Placed[] => {
    const placed = files.map(({ name, content }) =>
      placeFile(folder, `${target}/${name}`, content, modeOf(name)),
    );
    removeFiles(folder, target, placed);
    const paths = placed.map(({ path }) => path);
    const stray = filesBelow(folder, target).find((path) => !paths.includes(path));
    if (stray === undefined) return placed;
    // Terraform's hash of a package counts every file.
    throw new Error(`${stray} is no file of the provider, and would change its hash: remove it.`);
  };
  return addresses.flatMap((address) => [
    placeFile(folder, `${mirror}/${address}/.gitattributes`, GIT_ATTRIBUTES),
    ...packages.flatMap((each) =>
      each.platforms.flatMap((platform) =>
        place(each, `${mirror}/${address}/${each.version}/${platform}`),
      ),
    ),
  ]);
}

/**
 * Removes the provider from a user's mirror, in all versions, and the folders that were made for it.
 *
 * @returns the folders that it was in
 */
export function removeFrom(mirror: string): readonly string[] {
  const addresses = ADDRESSES.filter((address) => removeFiles(mirror, address));
  if (addresses.length > 0) removeEmpty(mirror, dirname(dirname(mirror)));
  return addresses.map((address) => join(mirror, address));
}

/**
 * Removes the files of ours below a path, but for those to keep, and folders that are empty then.
 *
 * @returns true if there were any
 */
function removeFiles(folder: string, path: string, keep: readonly Placed[] = []): boolean {
  const kept = new Set(keep.map((each) => each.path));
  const files = filesBelow(folder, path).filter((file) => OURS.test(file) && !kept.has(file));
  for (const file of files) {
    rmSync(file, { force: true });
    removeEmpty(dirname(file), folder);
  }
  return files.length > 0;
}

/** Removes a folder, and those around it, as far as they are below another folder and empty. */
function removeEmpty(folder: string, top: string): void {
  try {
    for (let at = folder; at !== top; at = dirname(at)) rmdirSync(at);
  } catch {
    // It is not empty, or another process was faster.
  }
}

/** The files below a path; none if it is not there. @throws if there is a link on the way to one */
function filesBelow(folder: string, path: string): readonly string[] {
  const at = realPath(folder, path);
  const found = lstatSync(at, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return found ? [at] : [];
  return readdirSync(at).flatMap((name) => filesBelow(folder, `${path}/${name}`));
}
