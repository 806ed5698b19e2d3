import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { arch, cpus, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { getContestants } from "./contestants.mjs";
import { hostCertificate } from "./host-certificate.mjs";
import { measureSize, measureStarts, summarize } from "./measure.mjs";
import { SimulatorProcess } from "./simulator.mjs";
import { OPERATIONS } from "./workspace.mjs";

const STARTS = 30;
const TURNS = { 1: 10, 100: 5, 1000: 2 };

const QUICK = {
  starts: 15,
  latencies: [0],
  jobs: [
    { size: 1, operations: ["apply"], turns: 6, warmUp: true },
    { size: 100, operations: ["rotate"], turns: 3, warmUp: true },
  ],
};

function plan({ quick, sizes, latencies, runs }) {
  if (quick) {
    const jobs = QUICK.jobs.map((job) => ({ ...job, turns: runs ?? job.turns }));
    return { ...QUICK, jobs };
  }
  const jobs = sizes.map((size) => ({
    size,
    operations: Object.keys(OPERATIONS),
    turns: runs ?? TURNS[size] ?? 3,
    // A thousand take minutes a run, and seconds at the start of the first are no part of it.
    warmUp: size < 1000 || sizes.length === 1,
  }));
  return { starts: STARTS, latencies, jobs };
}

/**
 * Measures what the arguments ask for. All folders and processes are gone afterwards, however it
 * ends.
 *
 * @param {ReturnType<typeof import("./arguments.mjs").readArguments>} wanted
 * @param {import("../cli.mjs").Cli} cli
 * @param {AbortSignal} signal ends it
 * @returns what was measured and on what kind of machine, for JSON
 */
export async function runBench(wanted, cli, signal) {
  const { contestants, missing } = await getContestants(wanted.runtimes);
  const { starts, latencies, jobs } = plan(wanted);
  const folder = mkdtempSync(join(tmpdir(), "polyai-bench-"));
  const home = join(folder, "home");
  let simulator;
  try {
    mkdirSync(home);
    simulator = await SimulatorProcess.start(signal);
    const rows = await measureStarts({
      contestants,
      turns: starts,
      host: await hostCertificate(),
      home,
    });
    for (const job of jobs) {
      rows.push(
        ...(await measureSize({ ...job, latencies, contestants, cli, simulator, folder, signal })),
      );
    }
    return {
      machine: {
        cores: cpus().length,
        memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
        system: `${type()} ${arch()}`,
      },
      node: process.versions.node,
      cli: { product: cli.product, version: cli.version },
      starts,
      jobs,
      latencies,
      missing,
      contestants: contestants.map(({ id, title, about }) => ({ id, title, about })),
      rows: rows.map((row) => ({ ...summarize(row), samples: row.samples })),
    };
  } finally {
    await simulator?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
