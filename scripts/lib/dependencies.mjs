import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./files.mjs";
import { withLock } from "./lock.mjs";
import { localCache, root } from "./paths.mjs";
import { run, step } from "./process.mjs";

const lockFile = join(root, "package-lock.json");
const installedFile = join(root, "node_modules/.package-lock.json");
// Inside node_modules, so that it goes when that goes.
const stampFile = join(root, "node_modules/.installed-for");

/** Installs what package-lock.json says, where node_modules holds something else or nothing. */
export async function installDependencies() {
  if (isInstalled()) return;
  await withLock(join(localCache, "install.lock"), async () => {
    if (isInstalled()) return;
    if (!matches()) {
      await step("Installing the packages of package-lock.json (about half a minute)", () =>
        run("npm", ["ci", "--no-audit", "--no-fund"], {
          cwd: root,
          env: { ...process.env, npm_config_update_notifier: "false" },
        }),
      );
    }
    writeWhole(stampFile, lockHash());
  });
}

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === lockHash();
}

function lockHash() {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}

// npm notes what it installed in a hidden lock file. Where that agrees with ours, somebody ran
// `npm install` or `npm ci` by hand, and there is nothing to do.
function matches() {
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  const same = (a, b) => a?.version === b?.version && a?.integrity === b?.integrity;
  return (
    Object.entries(installed).every(([path, entry]) => same(entry, wanted[path])) &&
    Object.entries(wanted).every(
      ([path, entry]) => path === "" || entry.optional || same(entry, installed[path]),
    )
  );
}
