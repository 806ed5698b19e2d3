import { bundledPackage, npmPackage, type ProviderPackage } from "./package.js";
import { releasePackage } from "./release-zip.js";

/**
 * The packages to place: those in the release's archives, if any are named, else the one that this
 * npm package carries.
 */
export const choosePackages = (zips: readonly string[]): readonly ProviderPackage[] =>
  zips.length === 0
    ? [bundledPackage()]
    : zips.map((file) => releasePackage(file, npmPackage().version));
