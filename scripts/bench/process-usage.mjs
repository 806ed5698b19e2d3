import { existsSync, readFileSync, readdirSync } from "node:fs";

// Linux counts in hundredths of a second towards programs, whatever the kernel's own clock does.
const MS_PER_TICK = 10;
const SAMPLE_MS = 20;

/** Whether this system tells what processes use: Linux's /proc does. */
export const usageIsKnown = existsSync("/proc/self/stat");

/** A line of /proc/PID/stat: milliseconds of CPU of a process, and of the children it waited for. */
export function parseStat(line) {
  // The name, in parentheses, may hold spaces and parentheses; numbers follow it (proc(5)).
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
  return {
    own: (user + system) * MS_PER_TICK,
    children: (childrenUser + childrenSystem) * MS_PER_TICK,
  };
}

/** Milliseconds of CPU that a running process has used; undefined where this is not known. */
export function cpuOf(pid) {
  return attempt(() => parseStat(readFileSync(`/proc/${pid}/stat`, "utf8")).own);
}

/**
 * Watches a process that starts plugins, Terraform or OpenTofu, until `stop()` says what was used:
 * CPU of the process itself and of its plugins together, in milliseconds, the largest peak of
 * resident memory that a plugin had, in KiB, and how many plugins were seen. What is used in the
 * last hundredths of a second before an end is missed. Gives undefined where it cannot be known.
 */
export function watchUsage(pid) {
  if (!usageIsKnown) return { stop: () => undefined };
  const usage = { coreCpu: 0, pluginCpu: 0 };
  const peaks = new Map();
  const sample = () => {
    // The parent first: a plugin that ends in between is then counted too little, which the next
    // sample mends, and never twice.
    const core = attempt(() => parseStat(readFileSync(`/proc/${pid}/stat`, "utf8")));
    if (core === undefined) return;
    let plugins = core.children;
    for (const child of childrenOf(pid)) {
      plugins += cpuOf(child) ?? 0;
      // The last value counts: between fork and exec a child shows its parent's memory.
      peaks.set(child, peakMemory(child) ?? peaks.get(child) ?? 0);
    }
    usage.coreCpu = Math.max(usage.coreCpu, core.own);
    usage.pluginCpu = Math.max(usage.pluginCpu, plugins);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return { ...usage, pluginPeak: Math.max(0, ...peaks.values()), plugins: peaks.size };
    },
  };
}

// A child belongs to the thread that made it.
function childrenOf(pid) {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads.flatMap((thread) => {
    const list = attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")) ?? "";
    return list.trim().split(" ").filter(Boolean);
  });
}

function peakMemory(pid) {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes);
}

// A process may end at any time, and its folder in /proc with it.
function attempt(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}
