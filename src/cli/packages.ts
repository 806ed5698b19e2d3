/** What Terraform is given of this provider, and in which folders of a mirror it looks for it. */
import { basename, dirname, join } from "node:path";
import { bundledPlugin } from "../../lib/bundled-plugin.js";
import { installedExecutables } from "../../lib/executable-packages.js";
import { NODE_PLATFORMS, PROVIDER_ADDRESS } from "../../lib/plugin-placement.js";

export const RUNTIMES = ["node", "executable"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** Windows starts no scripts by their first line. */
export const DEFAULT_RUNTIME: Runtime = process.platform === "win32" ? "executable" : "node";

/** A bare polyai/polyai is Terraform's to Terraform and OpenTofu's to OpenTofu: both are served. */
export const ADDRESSES: readonly string[] = [
  PROVIDER_ADDRESS,
  PROVIDER_ADDRESS.replace(/^[^/]+/, "registry.opentofu.org"),
];

/** The provider for one platform: some files of one folder. */
export interface ProviderPackage {
  /** OS_ARCH, in Terraform's words. */
  readonly platform: string;
  readonly folder: string;
  readonly files: readonly string[];
  /** Terraform's h1 hash of a folder with these files and nothing else. */
  readonly hash: string;
}

export interface Provider {
  readonly version: string;
  readonly runtime: Runtime;
  readonly packages: readonly ProviderPackage[];
}

/**
 * The provider as this package has it, for every platform it has it for.
 *
 * @throws Error where the script was not built, or no executable is installed; it says what to do
 */
export function providerFor(runtime: Runtime): Provider {
  const { version, file, hash } = bundledPlugin();
  if (runtime === "executable") {
    return { version, runtime, packages: installedExecutables(version) };
  }
  const script = { folder: dirname(file), files: [basename(file)], hash };
  return {
    version,
    runtime,
    packages: NODE_PLATFORMS.map((platform) => ({ platform, ...script })),
  };
}

/** A provider's folder in a mirror, at each of its addresses. */
export const providerFolders = (mirror: string): readonly string[] =>
  ADDRESSES.map((address) => join(mirror, ...address.split("/")));

/** This machine, as Terraform calls it. */
export function thisPlatform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
