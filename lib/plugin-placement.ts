/**
 * Puts the provider beside a synthesized stack, where `terraform init` and `tofu init` look before
 * they ask a registry: `terraform.d/plugins/` is an implied local mirror of the working directory.
 */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BundledPlugin } from "./bundled-plugin.js";
import { mergeLockEntry } from "./lock-file.js";

/** Full, since a bare polyai/polyai means another registry under OpenTofu. */
export const PROVIDER_ADDRESS = "registry.terraform.io/polyai/polyai";

export const LOCK_FILE = ".terraform.lock.hcl";

/** All of them, so that a stack synthesized on one machine deploys on another. */
const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];

/**
 * Places the plugin and its lock entry in a stack's folder. Safe to repeat, and to run from several
 * processes at once: each file is written under another name and renamed.
 */
export function placePlugin(folder: string, plugin: BundledPlugin): void {
  const mirror = join(folder, "terraform.d", "plugins", ...PROVIDER_ADDRESS.split("/"));
  const [first, ...others] = PLATFORMS.map((platform) =>
    join(mirror, plugin.version, platform, basename(plugin.file)),
  ) as [string, ...string[]];

  const content = readFileSync(plugin.file);
  if (!holds(first, content)) {
    // A copy, never a link to the package's own file: a rebuild or an edit of one must not reach
    // into what is locked by its hash.
    replace(first, (temporary) => {
      copyFileSync(plugin.file, temporary, constants.COPYFILE_FICLONE);
      chmodSync(temporary, 0o755);
    });
  }
  for (const other of others) {
    if (!isSame(first, other)) replace(other, (temporary) => linkOrCopy(first, temporary));
  }
  removeOtherVersions(mirror, plugin.version);
  lock(folder, plugin);
}

function lock(folder: string, plugin: BundledPlugin): void {
  const file = join(folder, LOCK_FILE);
  const before = readLockFile(folder);
  const after = mergeLockEntry(before, {
    address: PROVIDER_ADDRESS,
    version: plugin.version,
    constraints: plugin.version,
    hash: plugin.hash,
  });
  if (after !== before) replace(file, (temporary) => writeFileSync(temporary, after));
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
  try {
    linkSync(from, to);
  } catch {
    // A file system without hard links, or a link limit reached.
    copyFileSync(from, to);
    chmodSync(to, 0o755);
  }
}

function replace(file: string, write: (temporary: string) => void): void {
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

/** What an earlier version of this package placed is neither locked nor asked for any more. */
function removeOtherVersions(mirror: string, version: string): void {
  for (const entry of readdirSync(mirror)) {
    if (entry !== version) rmSync(join(mirror, entry), { recursive: true, force: true });
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
