import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./process.mjs";

const POLL_MS = 200;

/**
 * Runs `work` while no other process of this machine holds the lock `file`. A lock whose holder is
 * dead is taken over.
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) {
      // Only one of several waiters may remove it: a second removal would hit the next holder.
      breakLock(file, holder);
      continue;
    }
    if (!told && holder !== undefined)
      say(`Waiting for process ${holder}, which is at it already …`);
    told = true;
    await sleep(POLL_MS);
  }
  const release = () => rmSync(file, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/**
 * A file of the cache, made by whoever needs it first; gives its path.
 *
 * @param {string} output appears only when it is whole
 */
export async function madeOnce(output, make) {
  if (existsSync(output)) return output;
  return withLock(`${output}.lock`, async () => {
    if (!existsSync(output)) await make();
    return output;
  });
}

// Linking a finished file is atomic: nobody ever reads a lock with no holder in it.
function take(file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function holderOf(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function breakLock(file, holder) {
  const claim = `${file}.break`;
  try {
    mkdirSync(claim);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (Date.now() - statSync(claim).mtimeMs > 10_000) rmSync(claim, { recursive: true });
    return;
  }
  try {
    if (holderOf(file) === holder) rmSync(file, { force: true });
  } finally {
    rmSync(claim, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
