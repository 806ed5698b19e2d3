import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { getBun } from "../lib/bun.mjs";
import { run } from "../lib/process.mjs";
import { platformCalled } from "./platforms.mjs";

/**
 * Makes an executable for a platform out of a bundle, on whatever platform this is.
 *
 * @param {string} bundle a CommonJS file that needs no other
 * @param {import("./platforms.mjs").Platform} platform
 * @param {string} output
 */
export async function compile(bundle, platform, output) {
  const compiler = await getBun(platformCalled());
  const runtime = await getBun(platform);
  // Bun appends .exe where it is missing.
  const draft = `${output}.${process.pid}${platform.exe}`;
  mkdirSync(dirname(output), { recursive: true });
  try {
    await run(
      compiler,
      [
        "build",
        "--compile",
        // Parsed already: a start takes a third of the time.
        "--bytecode",
        `--target=${platform.bun}`,
        `--compile-executable-path=${runtime}`,
        // What lies in the folder that Terraform runs in must not reach into the provider.
        "--no-compile-autoload-dotenv",
        "--no-compile-autoload-bunfig",
        `--outfile=${draft}`,
        basename(bundle),
      ],
      { cwd: dirname(bundle) },
    );
    chmodSync(draft, 0o755);
    renameSync(draft, output);
  } finally {
    rmSync(draft, { force: true });
  }
}
