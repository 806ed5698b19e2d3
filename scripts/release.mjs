// npm run release: the provider as executables, in the layout that the public registries take, and
// as npm packages.
//
//   npm run release [-- --platform linux_amd64 …] [--out FOLDER]
//
// FOLDER (dist/ by default) gets release/ (an archive for each platform, the registry's manifest,
// SHA256SUMS and, with GPG_FINGERPRINT, its signature) and npm/ (a package for each platform). The
// first run gets Bun for each platform from the npm registry.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build, bundle, executableBundle, executableLicencesFile } from "./build.mjs";
import { localCache, root } from "./lib/paths.mjs";
import { isMain, main, say, step } from "./lib/process.mjs";
import { compile } from "./release/compile.mjs";
import { writeNpmPackage } from "./release/npm-package.mjs";
import { platformCalled, PLATFORMS } from "./release/platforms.mjs";
import { packageHash, providerFiles } from "./release/provider-files.mjs";
import { sign } from "./release/signature.mjs";

const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Makes a release.
 *
 * @param {{ platforms?: import("./release/platforms.mjs").Platform[], out?: string }} options
 * @returns {Promise<{ platform: string, archive: string, bytes: number, packed: number,
 *   hash: string, npm: string }[]>} what was made for each platform
 */
export async function release({ platforms = PLATFORMS, out = join(root, "dist") } = {}) {
  await build();
  await build(["executable-bundle"]);
  const folder = join(out, "release");
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(out, "npm"), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const zip = await loadZip();
  const made = [];
  for (const platform of platforms) {
    made.push(
      await step(`Making the executable for ${platform.name}`, () =>
        makeOne(platform, out, folder, zip),
      ),
    );
  }
  const manifest = `${name}_${version}_manifest.json`;
  copyFileSync(join(root, "terraform-registry-manifest.json"), join(folder, manifest));
  const sums = join(folder, `${name}_${version}_SHA256SUMS`);
  const listed = [...made.map(({ archive }) => archive), manifest].sort();
  writeFileSync(sums, listed.map((file) => `${sha256(join(folder, file))}  ${file}\n`).join(""));
  say(await sign(sums));
  return made;
}

async function makeOne(platform, out, folder, zip) {
  const executableName = `${name}_v${version}${platform.exe}`;
  const executable = join(localCache, "release", platform.name, executableName);
  await compile(executableBundle, platform, executable);
  const files = providerFiles({ executable, executableName, licences: executableLicencesFile });
  const archive = `${name}_${version}_${platform.name}.zip`;
  const packed = zip(files);
  writeFileSync(join(folder, archive), packed);
  return {
    platform: platform.name,
    archive,
    bytes: files.find((file) => file.executable).content.length,
    packed: packed.length,
    hash: packageHash(files),
    npm: writeNpmPackage(join(out, "npm"), platform, files),
  };
}

// The command's own, which makes the same bytes whenever and wherever it runs.
async function loadZip() {
  const file = join(localCache, "release/zip.cjs");
  await bundle("src/cli/zip.ts", file, {});
  return createRequire(import.meta.url)(file).zip;
}

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({
      options: { platform: { type: "string", multiple: true }, out: { type: "string" } },
    });
    const made = await release({
      ...(values.platform && { platforms: values.platform.map((each) => platformCalled(each)) }),
      ...(values.out && { out: resolve(values.out) }),
    });
    console.table(
      made.map(({ platform, bytes, packed, hash }) => ({ platform, bytes, packed, hash })),
    );
  });
}
