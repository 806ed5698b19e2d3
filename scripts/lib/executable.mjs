import { build, executableFile } from "../build.mjs";

/**
 * The provider as an executable that needs no Node, for this machine. Built first where it is
 * missing or stale, which the first time gets Bun (50 MB).
 *
 * @returns {Promise<string>} its path
 */
export async function executablePath() {
  await build();
  await build(["executable-bundle", "executable"]);
  return executableFile;
}
