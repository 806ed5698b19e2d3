import { mkdirSync, accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** What a clone remembers between runs: stamps, locks, intermediate bundles. Git-ignored. */
export const localCache = join(root, ".cache");

/**
 * Where CLIs and Go providers are kept: shared by all clones of one user, since building one takes
 * minutes. Falls back to the clone's own cache where the home folder cannot be written.
 */
export function userCache() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(base, "terraform-provider-polyai");
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    mkdirSync(localCache, { recursive: true });
    return localCache;
  }
}

/** This machine's platform in Go's words, as release archives and plugin folders are named. */
export function platform() {
  const os = { linux: "linux", darwin: "darwin", win32: "windows", freebsd: "freebsd" }[
    process.platform
  ];
  const arch = { x64: "amd64", arm64: "arm64" }[process.arch];
  if (os === undefined || arch === undefined) {
    throw new Error(
      `There is no Terraform or OpenTofu for ${process.platform} on ${process.arch}.`,
    );
  }
  return { os, arch, name: `${os}_${arch}`, exe: os === "windows" ? ".exe" : "" };
}
