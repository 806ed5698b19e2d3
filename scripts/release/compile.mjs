// Makes one executable out of a bundle:
//
//   node scripts/release/compile.mjs BUNDLE OUTPUT [PLATFORM]     this machine's platform by default
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { getBun } from "../lib/bun.mjs";
import { isMain, main, run } from "../lib/process.mjs";
import { signAdHoc, signatureFits } from "./mach-o.mjs";
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
  mkdirSync(dirname(output), { recursive: true });
  // In a folder of its own, since the file's name becomes part of its bytes.
  const folder = mkdtempSync(join(dirname(output), "draft-"));
  const draft = join(folder, basename(output));
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
    if (platform.npm.os === "darwin") mendSignature(draft);
    chmodSync(draft, 0o755);
    renameSync(draft, output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// For arm64 Bun signs anew what it made; for amd64 it leaves the signature of the bare runtime, which
// macOS may take for tampering.
function mendSignature(file) {
  const image = readFileSync(file);
  if (!signatureFits(image)) writeFileSync(file, signAdHoc(image, "terraform-provider-polyai"));
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const [bundle, output, platform] = process.argv.slice(2);
    await compile(resolve(bundle), platformCalled(platform), resolve(output));
  });
}
