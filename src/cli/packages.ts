/** The provider's packages for Terraform, and the folders of a mirror where it looks for them. */
import { join } from "node:path";
import { bundledPlugin, type PackageFiles } from "../placement/bundled-plugin.js";
import { installedExecutables } from "../placement/executable-packages.js";
import { placePackage, type Placed } from "../placement/place-files.js";
import { NODE_PLATFORMS, PROVIDER_ADDRESS } from "../placement/plugin-placement.js";

export const RUNTIMES = ["node", "executable"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** Windows has no POSIX shell, which runs the launcher. */
export const DEFAULT_RUNTIME: Runtime = process.platform === "win32" ? "executable" : "node";

/** A bare polyai/polyai is Terraform's to Terraform and OpenTofu's to OpenTofu: both are served. */
export const ADDRESSES: readonly string[] = [
  PROVIDER_ADDRESS,
  PROVIDER_ADDRESS.replace(/^[^/]+/, "registry.opentofu.org"),
];

/** The provider for one platform. */
export interface ProviderPackage extends PackageFiles {
  /** OS_ARCH, in Terraform's words. */
  readonly platform: string;
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
  const plugin = bundledPlugin();
  const { version } = plugin;
  const packages =
    runtime === "executable"
      ? installedExecutables(version)
      : NODE_PLATFORMS.map((platform) => ({ platform, ...plugin }));
  return { version, runtime, packages };
}

/**
 * Puts a provider into a mirror, in its unpacked layout: a folder for each platform, at each of the
 * provider's addresses. Safe to repeat; other versions stay.
 */
export function placeUnpacked(mirror: string, { version, packages }: Provider): readonly Placed[] {
  const sources = new Map(packages.map((each) => [each.folder, each]));
  return [...sources.values()].flatMap((source) =>
    placePackage(
      source,
      packages
        .filter(({ folder }) => folder === source.folder)
        .flatMap(({ platform }) =>
          providerFolders(mirror).map((folder) => join(folder, version, platform)),
        ),
    ),
  );
}

/** A provider's folder in a mirror, at each of its addresses. */
export const providerFolders = (mirror: string): readonly string[] =>
  ADDRESSES.map((address) => join(mirror, ...address.split("/")));

/** This machine, as Terraform calls it. */
export function thisPlatform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
