// node scripts/reproducible.mjs: whether two builds of HEAD, in two folders, in two time zones and
// under two locales and homes, give the same bytes: every file of dist/, and the package.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { installDependencies } from "./lib/dependencies.mjs";
import { main, say, step } from "./lib/process.mjs";
import { byText } from "./lib/packages.mjs";
import { buildAndPack, checkOut, copyPackages } from "./publish/checkout.mjs";

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

function hashes(folder) {
  const dist = join(folder, "dist");
  return new Map(
    readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(byText)
      .map((file) => [relative(folder, file), sha256(file)]),
  );
}

async function make(folder, differing) {
  await checkOut(folder);
  copyPackages(folder);
  const home = join(folder, "..", "home");
  mkdirSync(home, { recursive: true });
  const packed = await buildAndPack(folder, { ...process.env, HOME: home, ...differing });
  return { files: hashes(folder), tarball: sha256(packed.file), packed };
}

await main(async () => {
  await installDependencies();
  const base = mkdtempSync(join(tmpdir(), "polyai-reproducible-"));
  try {
    const one = await step("Building once", () =>
      make(join(base, "one"), { TZ: "America/Los_Angeles", LC_ALL: "C", LANG: "C" }),
    );
    const two = await step("Building in another folder", () =>
      make(join(base, "a/deeper/folder/two"), {
        TZ: "Asia/Kolkata",
        LC_ALL: "tr_TR.UTF-8",
        LANG: "tr_TR.UTF-8",
      }),
    );
    for (const [file, hash] of one.files) {
      if (file.startsWith(join("dist", "plugin"))) console.log(`${hash}  ${file}`);
    }
    console.log(`${one.tarball}  ${relative(join(base, "one"), one.packed.file)}`);
    const different = [...new Set([...one.files.keys(), ...two.files.keys()])].filter(
      (file) => one.files.get(file) !== two.files.get(file),
    );
    for (const file of different) say(`${file} is not the same in both builds.`);
    if (one.tarball !== two.tarball) say("The packages are not the same.");
    if (different.length > 0 || one.tarball !== two.tarball) return 1;
    const { size, unpackedSize } = one.packed;
    say(
      `Reproducible: ${one.files.size} files of dist/ and the package (${mb(size)} packed, ${mb(unpackedSize)} unpacked) have the same bytes.`,
    );
    return 0;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
});

function mb(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
