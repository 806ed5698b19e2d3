// Makes a fresh clone ready: packages by package-lock.json, the build, and Terraform or OpenTofu.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);

if (process.version.localeCompare("v20.19", "en", { numeric: true }) < 0) {
  console.error(`Node 20.19 or newer is needed; this is ${process.version}.`);
  process.exit(1);
}

/** True if node_modules holds what package-lock.json names; npm notes there what it installed. */
function isInstalled() {
  const note = join(root, "node_modules/.package-lock.json");
  if (!existsSync(note)) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const installed = packagesOf(note);
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
    ([path, { version, optional }]) =>
      path === "" || optional || installed[path]?.version === version,
  );
}

if (!isInstalled()) {
  console.error("Installing the packages of package-lock.json (about half a minute) …");
  // Under Windows npm is a batch file, which needs a shell.
  const options = { cwd: root, shell: true, stdio: "inherit" };
  const { status } = spawnSync("npm ci --no-audit --no-fund", options);
  if (status !== 0) process.exit(1);
}

// From here on there are packages, and with them TypeScript.
await import("tsx");
const { build } = require("./build.ts");
const { getClis } = require("./cli.ts");
try {
  await build();
  const [{ product, version, path }] = await getClis("found");
  console.error(`Ready, with ${product} ${version} (${path}).`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
