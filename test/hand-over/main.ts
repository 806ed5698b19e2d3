/**
 * npm run hand-over: rotations by real CLIs while PolyAI delivers ten alerts a second, and what
 * became of each delivery. It fails if one is lost or taken twice.
 *
 *   npm run hand-over               100 rotations; writes the guide's table and picture
 *   npm run hand-over -- --quick    each way once, each fault once
 *
 * All times are the simulator's, and nothing waits for PolyAI's retries. While a CLI runs, a second
 * of the simulator's clock takes a second. Otherwise the clock moves on, a tenth of a second for
 * each delivery, as fast as the deliveries are answered: a deployment, a restart, the next run of a
 * pipeline and the waits of retries have fixed lengths. The receiver, a process of its own, is given
 * this time for its own. So a slow machine makes a refusal longer by the time that its CLI takes,
 * and no delivery is lost because of it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Cli, clis, isAtLeast, ROOT } from "../support/cli.js";
import { Course, type HandOver } from "./course.js";
import { picture } from "./picture.js";
import { pageTable, printed, withTable, type Result } from "./table.js";
import { FAULTS, NO_FAULT, REFUSED_FOR_GOOD, WAYS, type HandOverFault, type Way } from "./ways.js";

const PAGE = join(ROOT, "docs/guides/hand-over.md");
const PICTURE = join(ROOT, "docs/images/hand-over.svg");
/** Of each way and fault. */
const ROTATIONS = 4;

/** The rotations of one configuration, one after another. */
interface Plan {
  readonly way: Way;
  readonly cli: Cli;
  readonly by: "HCL" | "cdktf";
  readonly faults: readonly HandOverFault[];
}

const control = (cli: Cli): Plan => ({
  way: REFUSED_FOR_GOOD,
  cli,
  by: "HCL",
  faults: [NO_FAULT],
});

const quick = (found: readonly Cli[]): readonly Plan[] =>
  WAYS.map((way, index) => ({
    way,
    cli: found[index % found.length]!,
    by: "HCL",
    faults: [FAULTS.at(index - 1)!],
  }));

const full = (found: readonly Cli[]): readonly Plan[] =>
  WAYS.flatMap((way, index) => {
    // CDKTF's example has the secret as an output.
    const programs = index === 0 ? (["HCL", "cdktf"] as const) : (["HCL"] as const);
    const pairs = found.flatMap((cli) => programs.map((by) => ({ cli, by })));
    const rounds = Array.from({ length: ROTATIONS / pairs.length }, () => FAULTS);
    return pairs.map((pair) => ({ way, ...pair, faults: rounds.flat() }));
  });

async function play({ way, cli, by, faults }: Plan): Promise<readonly (Result & HandOver)[]> {
  const course = await Course.begin(way, cli, by);
  try {
    const results = [];
    for (const fault of faults) {
      const handOver = await course.handOver(fault);
      const { attempts: _, marks: __, ...figures } = handOver;
      console.log(
        `${way.title}, ${fault.title}, ${cli.product}${by === "cdktf" ? " by cdktf" : ""}: ${JSON.stringify(figures)}`,
      );
      results.push({ way, fault, figures, ...handOver });
    }
    return results;
  } finally {
    await course.close();
  }
}

async function main(): Promise<number> {
  const isQuick = process.argv.includes("--quick");
  const found = clis().filter((cli) => isAtLeast(cli, { terraform: "1.11", tofu: "1.11" }));
  const [first] = found;
  if (first === undefined) throw new Error("It needs Terraform 1.11 or OpenTofu 1.11.");
  const begin = performance.now();
  const plans = [control(first), ...(isQuick ? quick(found) : full(found))];
  const results: (Result & HandOver)[] = [];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let plan = plans.shift(); plan !== undefined; plan = plans.shift()) {
        results.push(...(await play(plan)));
      }
    }),
  );
  console.table(printed(results));
  const refused = results.filter(({ way }) => way === REFUSED_FOR_GOOD);
  const counted = results.filter(({ way }) => way !== REFUSED_FOR_GOOD);
  const bad = counted.filter(({ figures: { lost, doubled } }) => lost + doubled > 0);
  const blind = refused.every(({ figures: { lost } }) => lost === 0);
  if (blind) console.log("A receiver that answers 401 lost nothing: the bench sees no loss.");
  if (!isQuick) {
    writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), pageTable(results)));
    const shown = counted.find(({ way, fault }) => way === WAYS[0] && fault === NO_FAULT);
    if (shown !== undefined) writeFileSync(PICTURE, picture(shown));
  }
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(
    `${counted.length} rotations in ${seconds} s; ${bad.length} lost or doubled a delivery.`,
  );
  return bad.length > 0 || blind ? 1 : 0;
}

// Node ends without a word if a promise is left that nothing can settle.
process.exitCode = 1;
void main().then((code) => {
  process.exitCode = code;
});
