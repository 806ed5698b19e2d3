/**
 * npm run faults: each fault that can come between the provider and PolyAI, against each operation,
 * with the CLIs that CLIS names.
 *
 *   npm run faults [-- WORD …]     the rows whose title has every word: "rotate", "cut", "lasting" …
 *   npm run faults -- --write      all of it, and docs/reliability.md anew
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, clis, type Cli } from "../support/cli.js";
import { Bench } from "./bench.js";
import { CASES, titleOf, type FaultCase } from "./faults.js";
import { pageOf } from "./page.js";
import { HEADING, lineOf, type CliRow } from "./report.js";
import { runCase } from "./run-case.js";
import { startSurroundings, type Surroundings } from "./surroundings.js";

/** As many as the smallest machine that runs this has processors. */
const AT_ONCE = 2;

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const write = process.argv.includes("--write");

async function main(): Promise<boolean> {
  const tested = clis();
  if (write && (tested.length < 2 || words.length > 0)) {
    throw new Error("--write needs the whole matrix, with Terraform and OpenTofu.");
  }
  const chosen = CASES.filter((it) => words.every((word) => titleOf(it).includes(word)));
  const surroundings = await startSurroundings();
  const begun = performance.now();
  console.log(HEADING);
  const rows: CliRow[] = [];
  try {
    await Promise.all(portions(tested, chosen).map((portion) => work(portion, surroundings, rows)));
  } finally {
    await surroundings.close();
  }
  const failed = rows.filter(({ row }) => row.problems.length > 0);
  if (failed.length > 0) console.log(`\n${failed.map(lineOf).join("\n")}`);
  console.log(`\n${rows.length} rows in ${Math.round((performance.now() - begun) / 1000)} s`);
  if (write && failed.length === 0) {
    writeFileSync(join(ROOT, "docs/reliability.md"), pageOf(rows));
    console.log("docs/reliability.md is written.");
  }
  console.log(`${rows.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 && rows.length > 0;
}

interface Portion {
  readonly cli: Cli;
  readonly cases: FaultCase[];
}

/** Each worker has one CLI and takes its cases from that CLI's list. */
function portions(tested: readonly Cli[], chosen: readonly FaultCase[]): readonly Portion[] {
  const perCli = tested.map((cli) => ({ cli, cases: [...chosen] }));
  return Array.from(
    { length: Math.max(AT_ONCE, perCli.length) },
    (_, index) => perCli[index % perCli.length],
  ).filter((portion) => portion !== undefined);
}

async function work({ cli, cases }: Portion, surroundings: Surroundings, rows: CliRow[]) {
  const bench = await Bench.start(cli, surroundings);
  try {
    for (let next = cases.shift(); next !== undefined; next = cases.shift()) {
      const row = { cli, row: await runCase(bench, surroundings, next) };
      rows.push(row);
      console.log(lineOf(row));
    }
  } finally {
    bench.remove();
  }
}

main().then(
  (passed) => {
    process.exitCode = passed ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.log("0 passed, 1 failed");
    process.exitCode = 1;
  },
);
