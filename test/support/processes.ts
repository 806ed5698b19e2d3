import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { PROVIDER_ADDRESS } from "./workspace.js";

/** Ids of the plugin processes that a CLI's process has started. */
export const pluginsOf = (host: number | undefined): readonly number[] =>
  execFileSync("ps", ["-A", "-ww", "-o", "ppid=,pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(`/${PROVIDER_ADDRESS}/`))
    .map((line) => line.trim().split(/\s+/, 2).map(Number))
    .flatMap(([parent, pid]) => (parent === host && pid !== undefined ? [pid] : []));

/** True if a process runs. One that has ended counts as gone before its parent takes note of it. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

/**
 * The most memory that a process has held so far, in bytes: on Linux; elsewhere what it holds now.
 * Undefined where it is gone.
 */
export function peakMemory(pid: number): number | undefined {
  try {
    const kibibytes = existsSync("/proc/self/status")
      ? /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Waits until something holds, which is looked at every 20 ms. @throws Error when it takes longer */
export async function until(
  holds: () => boolean,
  what: string,
  milliseconds = 20_000,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > deadline) {
      throw new Error(`${what} did not come within ${milliseconds} ms`);
    }
    await sleep(20);
  }
}
