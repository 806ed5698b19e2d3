// npm run version: makes every place state package.json's version.
// npm version X: npm runs this between changing package.json and its commit; then it dates the
// changelog's section too, and puts all of it into that commit.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.mjs";
import { isMain, main, say } from "../lib/process.mjs";
import { readVersion, spreadVersion } from "../lib/version.mjs";
import { notesOf, release } from "./changelog.mjs";

/** @returns {string[]} the files that were changed */
export function takeVersion({ folder = root, releasing = false, date }) {
  const changed = spreadVersion(folder);
  const version = readVersion(folder);
  const file = join(folder, "CHANGELOG.md");
  const text = readFileSync(file, "utf8");
  if (releasing && notesOf(text, version) === undefined) {
    writeFileSync(file, release(text, version, date));
    changed.push("CHANGELOG.md");
  }
  return changed;
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const releasing = process.env.npm_command === "version";
    const date = new Date().toISOString().slice(0, 10);
    const changed = takeVersion({ releasing, date });
    say(changed.length === 0 ? "Every place agrees." : `Changed: ${changed.join(", ")}.`);
    if (releasing && changed.length > 0) {
      execFileSync("git", ["add", "--", ...changed], { cwd: root, stdio: "inherit" });
    }
  });
}
