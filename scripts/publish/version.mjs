// npm run version: makes every place state package.json's version.
// npm version X: npm runs this with --check before it changes package.json, and again before its
// commit; then it dates the changelog's section too, and puts all of it into that commit.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.mjs";
import { isMain, main, say } from "../lib/process.mjs";
import { readVersion, spreadVersion } from "../lib/version.mjs";
import { notesOf, release } from "./changelog.mjs";

const readChangelog = (folder) => readFileSync(join(folder, "CHANGELOG.md"), "utf8");

/**
 * Makes every place state package.json's version; at a release the changelog too, with its date.
 * Throws, with nothing changed, where the changelog has nothing to tell of a release.
 *
 * @returns {string[]} the files that were changed
 */
export function takeVersion({ folder = root, releasing = false, date }) {
  const version = readVersion(folder);
  const before = readChangelog(folder);
  const dated =
    releasing && notesOf(before, version) === undefined ? release(before, version, date) : before;
  const changed = spreadVersion(folder);
  if (dated === before) return changed;
  writeFileSync(join(folder, "CHANGELOG.md"), dated);
  return [...changed, "CHANGELOG.md"];
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const date = new Date().toISOString().slice(0, 10);
    if (process.argv[2] === "--check") {
      release(readChangelog(root), "the next version", date);
      return;
    }
    const releasing = process.env.npm_command === "version";
    const changed = takeVersion({ releasing, date });
    say(changed.length === 0 ? "Every place agrees." : `Changed: ${changed.join(", ")}.`);
    if (releasing && changed.length > 0) {
      execFileSync("git", ["add", "--", ...changed], { cwd: root, stdio: "inherit" });
    }
  });
}
