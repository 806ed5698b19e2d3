import { homedir } from "node:os";
import { join } from "node:path";

/** The repository's root folder. */
export const root = join(__dirname, "..", "..");

/** Intermediate files of this clone. Git-ignored. */
export const localCache = join(root, ".cache");

/** CLIs and Go providers: all clones of one user share them, since building one takes minutes. */
export function userCache(): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(base, "terraform-provider-polyai");
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: "linux",
  darwin: "darwin",
  win32: "windows",
  freebsd: "freebsd",
};
const PROCESSORS: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

/** This machine's platform in Go's words, as release archives and plugin folders are named. */
export function platform(): { readonly name: string; readonly exe: string } {
  const os = SYSTEMS[process.platform];
  const arch = PROCESSORS[process.arch];
  if (os === undefined || arch === undefined) {
    throw new Error(
      `There is no Terraform or OpenTofu for ${process.platform} on ${process.arch}.`,
    );
  }
  return { name: `${os}_${arch}`, exe: os === "windows" ? ".exe" : "" };
}
