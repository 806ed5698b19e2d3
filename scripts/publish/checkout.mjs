import { constants, cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../lib/paths.mjs";
import { run } from "../lib/process.mjs";

/**
 * Checks out what HEAD holds, and nothing else of this clone, into a new folder.
 *
 * Files get the same modes for everybody: npm packs them as they are, and readable by their owner
 * alone where the umask says so.
 */
export async function checkOut(folder) {
  process.umask(0o022);
  mkdirSync(dirname(folder), { recursive: true });
  await run("git", ["clone", "--quiet", "--shared", "--no-checkout", root, folder]);
  const head = (await run("git", ["rev-parse", "HEAD"], { cwd: root })).trim();
  await run("git", ["-c", "core.autocrlf=false", "checkout", "--quiet", "--detach", head], {
    cwd: folder,
  });
}

/** Installs the packages of package-lock.json from the registry; none of their scripts runs. */
export function installAnew(folder) {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  return run("npm", args, { cwd: folder });
}

/** Gives a checkout its own copy of this clone's packages. */
export function copyPackages(folder) {
  cpSync(join(root, "node_modules"), join(folder, "node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  });
}

/**
 * Builds a checkout and packs it.
 *
 * @returns {Promise<{ file: string, size: number, unpackedSize: number, entryCount: number }>}
 *   sizes in bytes
 */
export async function buildAndPack(folder, env = process.env) {
  await run(process.execPath, ["scripts/build.mjs"], { cwd: folder, env });
  const packed = await run("npm", ["pack", "--json"], { cwd: folder, env });
  // What scripts print may stand before it.
  const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(
    packed.slice(packed.search(/^\[/m)),
  );
  return { file: join(folder, filename), size, unpackedSize, entryCount };
}
