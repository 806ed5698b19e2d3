/** The launcher starts this. An old Node must be able to read it, to say that it is too old. */
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, type Stats } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, isAbsolute, join } from "node:path";

/** Of the cache of compiled code: some 60 places that the provider was started from. */
const MAX_FILES = 300;

const { bun } = process.versions as { readonly bun?: string };
const refusal =
  bun === undefined
    ? isOlder(process.versions.node, 20, 0) &&
      `Node.js 20 or later, and node on PATH is ${process.version}`
    : isOlder(bun, 1, 4) &&
      `Node.js 20, Bun 1.4 or later, or its executable, and node on PATH is Bun ${bun}`;

if (refusal) {
  // On stdout, since Terraform quotes its first line.
  console.log(`terraform-provider-polyai needs ${refusal}.`);
  process.exitCode = 1;
} else {
  keepCompiledCode();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require("./plugin.cjs");
}

function isOlder(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

/** From Node 22.1 on, lets this user's next process start with the code that this one compiles. */
function keepCompiledCode(): void {
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  const { HOME: home = "", XDG_CACHE_HOME: xdg = "" } = process.env;
  const caches = isAbsolute(xdg) ? xdg : join(home, ".cache");
  if (enableCompileCache === undefined || !isAbsolute(caches)) return;
  const folder = join(caches, "terraform-provider-polyai", "compiled");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Node runs the code in there, so nobody but this user may write it.
    const real = realpathSync(caches);
    const around = [lstatSync(real), lstatSync(dirname(folder))];
    if (!foldersAbove(real).every((each) => isSafe(lstatSync(each)))) return;
    if (!around.every((stats) => isOwn(stats, 0o022)) || !isOwn(lstatSync(folder), 0o077)) return;
    // Node keeps a file for each path that a module was ever loaded from.
    if (readdirSync(folder, { recursive: true }).length > MAX_FILES) {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    }
    enableCompileCache(folder);
  } catch {
    // In a home that cannot be written to, nothing is kept.
  }
}

function foldersAbove(path: string): readonly string[] {
  return dirname(path) === path ? [] : [dirname(path), ...foldersAbove(dirname(path))];
}

/** True for a folder in which nobody else, but the administrator, can exchange this user's folders. */
function isSafe(stats: Stats): boolean {
  const isSticky = (stats.mode & 0o1000) !== 0;
  return [0, process.getuid?.()].includes(stats.uid) && (isSticky || (stats.mode & 0o022) === 0);
}

/** True for a folder of this user that grants none of the forbidden permissions. */
function isOwn(stats: Stats, forbidden: number): boolean {
  return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & forbidden) === 0;
}
