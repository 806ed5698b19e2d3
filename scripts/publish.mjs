// Publishes the package, with provenance, from a clean checkout of HEAD. CONTRIBUTING.md, "Release".
//
//   node scripts/publish.mjs             refuses at the first thing that is not as a release needs it
//   node scripts/publish.mjs --dry-run   does all of it but publish, and tells what would be refused
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { root } from "./lib/paths.mjs";
import { isMain, main, run, say, step } from "./lib/process.mjs";
import { NotAudited, audit } from "./publish/audit.mjs";
import { bundledPackages } from "./publish/bundled.mjs";
import { buildAndPack, checkOut, installAnew } from "./publish/checkout.mjs";
import {
  gitFacts,
  platformPackages,
  platformProblems,
  releaseProblems,
  textProblems,
} from "./publish/release-state.mjs";
import { readTarball } from "./publish/tar.mjs";
import { contentProblems, tarballProblems } from "./publish/tarball.mjs";

const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

function refuseOn(problems, what) {
  if (problems.length > 0) {
    throw new Error(`${what}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
}

/** Builds HEAD from nothing, checks what would be sent, and sends it unless `dryRun`. */
async function publish({ dryRun }) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const platforms = platformPackages(root);
  refuseOn(textProblems(root, manifest, { releasing: false }), "Versions or changelog are wrong");
  refuseOn(platformProblems(platforms, manifest), "The platform packages do not fit");
  const pending = [
    ...releaseProblems(await gitFacts(root), manifest, process.env),
    ...textProblems(root, manifest, { releasing: true }),
  ];
  if (!dryRun) refuseOn(pending, "This is no release");

  const base = mkdtempSync(join(tmpdir(), "polyai-publish-"));
  try {
    const folder = join(base, "package");
    const packed = await step("Building HEAD from nothing", async () => {
      await checkOut(folder);
      await installAnew(folder);
      return buildAndPack(folder);
    });
    const machine = { folders: [base, root] };
    refuseOn(
      tarballProblems(readTarball(readFileSync(packed.file)), manifest, machine),
      "The package may not be sent",
    );
    await step("Checking how the package resolves, and its types", () => resolves(folder, packed));
    pending.push(...(await advisories(folder)));
    if (!dryRun) refuseOn(pending, "This is no release");

    const sent = [];
    for (const platform of platforms) {
      const file = await packPlatform(platform.folder, base, machine);
      sent.push({ file, manifest: platform.manifest });
    }
    // The main package last: it asks for the others.
    sent.push({ file: packed.file, manifest });
    for (const each of sent) await send(each, { dryRun, cwd: base });
    say(
      `${basename(packed.file)}: ${mb(packed.size)} packed, ${mb(packed.unpackedSize)} unpacked, ${packed.entryCount} files.`,
    );
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  if (!dryRun) return;
  say(
    pending.length === 0
      ? "Nothing was published. A release would be made."
      : `Nothing was published. The package is sound; a release would be refused now:\n${pending.map((problem) => `  - ${problem}`).join("\n")}`,
  );
}

async function resolves(folder, { file }) {
  const tool = (path, ...args) =>
    run(process.execPath, [join(folder, "node_modules", path), file, ...args], { cwd: folder });
  await tool("publint/src/cli.js", "--strict", "--level", "warning");
  await tool("@arethetypeswrong/cli/dist/index.js", "--format=ascii");
}

// A vulnerability is no fault of a dry run's commit: advisories come when they come.
async function advisories(folder) {
  try {
    const found = await step("Asking for vulnerabilities of what ships", () =>
      audit(folder, bundledPackages(folder)),
    );
    return found.map((one) => `The package ships ${one}.`);
  } catch (error) {
    if (!(error instanceof NotAudited)) throw error;
    return [`What ships could not be audited: ${error.message}.`];
  }
}

async function packPlatform(folder, base, machine) {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", base];
  const [{ filename, size }] = JSON.parse(await run("npm", args, { cwd: folder }));
  const file = join(base, filename);
  const files = readTarball(readFileSync(file));
  refuseOn(
    files.flatMap((each) => contentProblems(each, machine)),
    `${filename} may not be sent`,
  );
  if (!files.some(({ mode, path }) => (mode & 0o111) !== 0 || path.endsWith(".exe"))) {
    throw new Error(`${filename} holds nothing that can be run: npm run release`);
  }
  say(`${filename}: ${mb(size)} packed, ${files.length} files.`);
  return file;
}

/** Sends one tarball. What an earlier run sent, before it broke off, is left as it is. */
async function send({ file, manifest }, { dryRun, cwd }) {
  const tag = manifest.version.includes("-") ? "next" : "latest";
  const args = ["publish", file, "--access", "public", "--tag", tag, "--provenance"];
  const mode = dryRun ? ["--dry-run"] : [];
  await step(`${dryRun ? "Rehearsing" : "Publishing"} ${basename(file)}`, async () => {
    try {
      await run("npm", [...args, ...mode], { cwd });
    } catch (error) {
      if (!/previously published versions/.test(error.message)) throw error;
      await refuseAnother(file, manifest, cwd);
      say("  It is published already, with the same bytes.");
    }
  });
}

async function refuseAnother(file, { name, version }, cwd) {
  const view = ["view", `${name}@${version}`, "dist.integrity"];
  const there = (await run("npm", view, { cwd })).trim();
  const here = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (there !== here) {
    throw new Error(`${name} ${version} is published already, with other bytes: npm version patch`);
  }
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const [option, ...others] = process.argv.slice(2);
    if (option === "--refuse") {
      throw new Error(
        "A plain `npm publish` would send whatever lies in dist/. Use: node scripts/publish.mjs (--dry-run to rehearse)",
      );
    }
    if (others.length > 0 || (option !== undefined && option !== "--dry-run")) {
      throw new Error(`There is no option ${[option, ...others].join(" ")}; there is --dry-run.`);
    }
    await publish({ dryRun: option === "--dry-run" });
  });
}
