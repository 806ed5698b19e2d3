import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { madeOnce } from "./lock.mjs";
import { userCache } from "./paths.mjs";
import { run, step } from "./process.mjs";

/** Pinned, as is what each platform's package holds: see scripts/release/platforms.mjs. */
export const BUN_VERSION = "1.4.5";

/**
 * Bun for a platform, out of the user's cache or else of its npm package: the runtime that its
 * executable carries, and on this machine's platform the compiler as well. Gives the path.
 *
 * One package serves old processors, too: it asks for SSE 4.2 alone, and its "baseline" twin is the
 * same file.
 *
 * @param {import("../release/platforms.mjs").Platform} platform
 * @throws where npm cannot get the package, or it is not the one that is pinned
 */
export async function getBun({ name, exe, runtime }) {
  const output = join(userCache(), "bun", BUN_VERSION, name, `bun${exe}`);
  return madeOnce(output, () =>
    step(`Getting Bun ${BUN_VERSION} for ${name} (50 MB)`, () =>
      unpack(runtime, `package/bin/bun${exe}`, output),
    ),
  );
}

async function unpack({ name, integrity }, file, output) {
  // Beside the output, so that a rename suffices.
  const folder = mkdtempSync(join(dirname(output), "download-"));
  try {
    const spec = `${name}@${BUN_VERSION}`;
    await run("npm", ["pack", spec, "--silent", "--pack-destination", folder], { cwd: folder });
    const archive = `${name.replace("@", "").replace("/", "-")}-${BUN_VERSION}.tgz`;
    const hash = createHash("sha512").update(readFileSync(join(folder, archive)));
    const actual = `sha512-${hash.digest("base64")}`;
    if (actual !== integrity) {
      throw new Error(`${spec} has integrity ${actual}, but ${integrity} is pinned.`);
    }
    await run("tar", ["-xzf", archive, file], { cwd: folder });
    renameSync(join(folder, file), output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
