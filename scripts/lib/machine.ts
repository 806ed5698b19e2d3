import { homedir } from "node:os";
import { join } from "node:path";
import { thisPlatform } from "../../src/placement/package.js";

/** The repository's root folder. */
export const root = join(__dirname, "..", "..");

/** Intermediate files of this clone. Git-ignored. */
export const localCache = join(root, ".cache");

/** This machine's platform in Go's words, as release archives and plugin folders are named. */
export const platform = (): { readonly name: string; readonly exe: string } => ({
  name: thisPlatform(),
  exe: process.platform === "win32" ? ".exe" : "",
});

/**
 * The place of a program in the user's cache: all clones share CLIs, Go providers and Bun, since
 * building or loading one takes minutes.
 */
export function cachedProgram(
  of: string,
  version: string,
  name: string,
  { name: os, exe } = platform(),
): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(base, "terraform-provider-polyai", of, version, os, `${name}${exe}`);
}
