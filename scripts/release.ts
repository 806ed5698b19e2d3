/**
 * npm run release: the provider as executables, which need no Node, in the layout that registries and
 * mirrors of Terraform take.
 *
 *   npm run release [-- --platform linux_amd64 …] [--out FOLDER]     `here` is this machine's platform
 *
 * With --script FILE, makes FILE alone an executable for this machine: --out names it.
 * FOLDER (dist/release by default) gets an archive for each platform, the registry's manifest and
 * SHA256SUMS. The first run gets Bun for each platform from the npm registry.
 */
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { archiveName, sha256 } from "../src/placement/package.js";
import { zip } from "../src/placement/zip.js";
import { bundle, NAME, VERSION } from "./build.js";
import { cachedProgram, localCache, platform as machine, root } from "./lib/machine.js";
import { main, run, say } from "./lib/process.js";

const BUN = "1.4.5";

/** Checksums of Bun's npm packages, by platform. */
const RUNTIMES: Readonly<Record<string, string>> = {
  linux_amd64:
    "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==",
  linux_arm64:
    "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
  darwin_amd64:
    "sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==",
  darwin_arm64:
    "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
  windows_amd64:
    "sha512-FNvply651vcE/GHgNWz6mZvhmkwBuu8Hw54oNzA+CQog+HW+542rXQmZqNHRkFxazD9L3xi+iTtvO3engAgJfw==",
};

const PLATFORMS = Object.keys(RUNTIMES);

const exeOf = (platform: string) => (platform.startsWith("windows") ? ".exe" : "");
const targetOf = (platform: string) => `bun-${platform.replace("_", "-").replace("amd64", "x64")}`;

/** Makes the archives for these platforms; the executables stay in .cache/release. */
async function release(platforms: readonly string[], out: string): Promise<void> {
  const script = join(localCache, "release/main.cjs");
  await bundle("src/plugin.ts", script, { minify: true });
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const names: string[] = [];
  for (const platform of platforms) {
    const name = archiveName(VERSION, platform);
    say(`Making ${name} …`);
    const program = `${NAME}_v${VERSION}${exeOf(platform)}`;
    const executable = join(localCache, "release", platform, program);
    await compile(script, platform, executable);
    writeFileSync(join(out, name), archive(executable));
    names.push(name);
  }
  const manifest = `${NAME}_${VERSION}_manifest.json`;
  copyFileSync(join(root, "terraform-registry-manifest.json"), join(out, manifest));
  const sums = [...names, manifest]
    .sort()
    .map((name) => `${sha256(readFileSync(join(out, name))).digest("hex")}  ${name}\n`);
  writeFileSync(join(out, `${NAME}_${VERSION}_SHA256SUMS`), sums.join(""));
}

/** Makes an executable for a platform out of a CommonJS file that needs no other. */
async function compile(script: string, platform: string, output: string): Promise<void> {
  const [compiler, runtime] = [await getBun(machine().name), await getBun(platform)];
  mkdirSync(dirname(output), { recursive: true });
  const options = [
    `--target=${targetOf(platform)}`,
    `--compile-executable-path=${runtime}`,
    // Parsed already: a start takes a third of the time.
    "--bytecode",
    // Files of the folder that Terraform runs in must not reach into the provider.
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
  ];
  await run(compiler, ["build", "--compile", ...options, `--outfile=${output}`, basename(script)], {
    cwd: dirname(script),
  });
  if (platform.startsWith("darwin")) {
    // macOS starts no code on arm64 whose signature does not fit.
    if (process.platform === "darwin") await run("codesign", ["--force", "--sign", "-", output]);
    else say(`${basename(output)} for ${platform} is to be signed: make releases under macOS.`);
  }
  chmodSync(output, 0o755);
}

/** The zip archive that a registry serves: the same bytes whenever and wherever it is made. */
function archive(executable: string): Uint8Array {
  const licences = readFileSync(join(root, "dist/LICENSES.txt"), "utf8");
  return zip([
    { name: "LICENSE.txt", content: readFileSync(join(root, "LICENSE")) },
    { name: "THIRD-PARTY-LICENSES.txt", content: Buffer.from(`${BUN_LICENCE}\n${licences}`) },
    { name: basename(executable), content: readFileSync(executable) },
  ]);
}

// From LICENSE.md of Bun's repository at the tag of this version.
const BUN_LICENCE = `Bun ${BUN} (MIT)

The executable is Bun's runtime with the provider's JavaScript inside. Bun is under the MIT licence;
https://github.com/oven-sh/bun/blob/bun-v${BUN}/LICENSE.md says so, and names the libraries that are
linked into it with their licences. One of them is JavaScriptCore of WebKit, under the GNU Library
General Public License, version 2: its source, as Bun changes it, is at
https://github.com/oven-sh/WebKit. To put the provider on a changed runtime, join the JavaScript of
the npm package terraform-provider-polyai with it:
\`bun build --compile --compile-executable-path=RUNTIME\`.
`;

/** Bun for a platform, out of the user's cache or else of its npm package. Gives the path. */
async function getBun(platform: string): Promise<string> {
  const integrity = RUNTIMES[platform];
  if (integrity === undefined) {
    throw new Error(`No executable is made for ${platform}; there are ${PLATFORMS.join(", ")}.`);
  }
  const name = targetOf(platform).replace("arm64", "aarch64");
  const file = `bun${exeOf(platform)}`;
  const output = cachedProgram("bun", BUN, "bun", { name: platform, exe: exeOf(platform) });
  if (existsSync(output)) return output;
  mkdirSync(dirname(output), { recursive: true });
  // Beside the output, so that a rename suffices.
  const folder = mkdtempSync(join(dirname(output), "download-"));
  say(`Getting Bun ${BUN} for ${platform} (50 MB) …`);
  try {
    const shell = process.platform === "win32";
    await run("npm", ["pack", `@oven/${name}@${BUN}`, "--silent"], { cwd: folder, shell });
    const tarball = `oven-${name}-${BUN}.tgz`;
    const hash = createHash("sha512").update(readFileSync(join(folder, tarball)));
    if (`sha512-${hash.digest("base64")}` !== integrity) {
      throw new Error(`@oven/${name}@${BUN} is not the package that is pinned here.`);
    }
    await run("tar", ["-xzf", tarball, `package/bin/${file}`], { cwd: folder });
    renameSync(join(folder, "package/bin", file), output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return output;
}

if (require.main === module) {
  main(async () => {
    const { values } = parseArgs({
      options: {
        platform: { type: "string", multiple: true },
        out: { type: "string" },
        script: { type: "string" },
      },
    });
    if (values.script !== undefined && values.out !== undefined) {
      await compile(resolve(values.script), machine().name, resolve(values.out));
      return;
    }
    const platforms = values.platform?.map((name) => (name === "here" ? machine().name : name));
    await release(platforms ?? PLATFORMS, resolve(values.out ?? join(root, "dist/release")));
  });
}
