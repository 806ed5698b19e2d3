import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { writeWhole } from "./files.mjs";
import { localCache, root } from "./paths.mjs";

/**
 * Whether the work called `name` must be done: its inputs are not what they were when it was done
 * last, or an output is gone. Paths are relative to the repository's root; a folder stands for all
 * files in it.
 *
 * @param {{ name: string, inputs: string[], outputs: string[], salt?: string }} work
 */
export function isStale(work) {
  const stamp = readStamp(work.name);
  if (stamp === undefined) return true;
  if (work.outputs.some((output) => !existsSync(resolve(root, output)))) return true;
  const now = survey(work, stamp.files);
  if (now.hash !== stamp.hash) return true;
  // Same bytes, but touched: remember the new times, or each later check reads them again.
  if (now.read > 0) writeStamp(work.name, now);
  return false;
}

/**
 * Does the work and remembers the inputs that it was done with. They are surveyed before: an input
 * that changes meanwhile makes the work stale again.
 */
export async function doStamped(work, action) {
  const inputs = survey(work, {});
  rmSync(stampFile(work.name), { force: true });
  await action();
  writeStamp(work.name, inputs);
}

// A file whose size and times are what they were is taken to be the same, as git and make do.
function survey({ inputs, salt = "" }, known) {
  const files = {};
  let read = 0;
  for (const path of inputs.flatMap((input) => filesIn(resolve(root, input)))) {
    const { size, mtimeMs, ctimeMs } = statSync(path);
    const name = relative(root, path);
    const stat = `${size} ${mtimeMs} ${ctimeMs}`;
    const before = known[name];
    if (before?.stat === stat) {
      files[name] = before;
    } else {
      read++;
      files[name] = { stat, sha256: createHash("sha256").update(readFileSync(path)).digest("hex") };
    }
  }
  const hash = createHash("sha256").update(`${salt}\n`);
  for (const name of Object.keys(files).sort()) hash.update(`${name} ${files[name].sha256}\n`);
  return { hash: hash.digest("hex"), files, read };
}

function filesIn(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isFile())
    .flatMap((entry) => {
      const child = join(path, entry.name);
      return entry.isDirectory() ? filesIn(child) : [child];
    });
}

/** Where the stamp of the work called `name` is kept. */
export function stampFile(name) {
  return join(localCache, "stamps", `${name}.json`);
}

function readStamp(name) {
  const file = stampFile(name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function writeStamp(name, { hash, files }) {
  writeWhole(stampFile(name), JSON.stringify({ hash, files }));
}
