/**
 * npm run hand-over: rotations by real CLIs while PolyAI delivers ten alerts a second, and what
 * became of each delivery. It fails if one is lost or taken twice.
 *
 *   npm run hand-over               100 rotations; writes the guide's table and picture
 *   npm run hand-over -- --quick    each way once, each fault once
 *   npm run hand-over -- --jobs 4   instead of as many at a time as there are cores
 *
 * All times are the simulator's. While a CLI runs, a second of its clock takes a second. Otherwise
 * it moves on by a tenth of a second with each delivery, as fast as the receiver answers, and the
 * deployment, a restart, a pipeline's next run and the waits of retries have fixed lengths. The
 * receiver, a process of its own, has this clock for its own. So a slow machine lengthens a refusal
 * by the time that its CLI takes, and loses no delivery by it.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { clis, isAtLeast, ROOT, type Cli } from "../support/cli.js";
import { begin, type HandOver } from "./course.js";
import { table, type Result } from "./figures.js";
import { picture } from "./picture.js";
import type { Program } from "./rotator.js";
import { FAULTS, NO_FAULT, OUTPUTS, REFUSED_FOR_GOOD, WAYS, type HandOverFault } from "./ways.js";

/** Of each way and fault, in a full run. */
const ROTATIONS = 4;

/** Rotations of one configuration, one after another. */
interface Course {
  readonly way: (typeof WAYS)[number];
  readonly cli: Cli;
  readonly program: Program;
  readonly faults: readonly HandOverFault[];
}

/** The way that cdktf deploys goes by HCL in the control. */
const quick = (all: readonly Cli[]): readonly Course[] =>
  WAYS.map((way, index) => ({
    way,
    cli: all[index % all.length]!,
    program: way === OUTPUTS ? "cdktf" : "HCL",
    faults: [FAULTS.at(index - 1)!],
  }));

const full = (all: readonly Cli[]): readonly Course[] =>
  WAYS.flatMap((way) => {
    // The example that CDKTF deploys has the secret as an output.
    const programs: readonly Program[] = way === OUTPUTS ? ["HCL", "cdktf"] : ["HCL"];
    const courses = all.flatMap((cli) => programs.map((program) => ({ way, cli, program })));
    const rounds = Array.from({ length: ROTATIONS / courses.length }, () => FAULTS);
    return courses.map((course) => ({ ...course, faults: rounds.flat() }));
  });

async function play({ way, cli, program, faults }: Course): Promise<(Result & HandOver)[]> {
  const course = await begin(way, cli, program);
  try {
    const results = [];
    for (const fault of faults) {
      const handOver = await course.handOver(fault);
      const { attempts: _, marks: __, ...figures } = handOver;
      const what = [way.title, fault.title, cli.product, program].join("; ");
      console.log(`${what}: ${JSON.stringify(figures)}`);
      results.push({ way, fault, ...handOver });
    }
    return results;
  } finally {
    await course.close();
  }
}

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});

async function main(): Promise<number> {
  const all = clis().filter((cli) => isAtLeast(cli, { terraform: "1.11", tofu: "1.11" }));
  if (all[0] === undefined) throw new Error("It needs Terraform 1.11 or OpenTofu 1.11.");
  const control = {
    way: REFUSED_FOR_GOOD,
    cli: all[0],
    program: "HCL",
    faults: [NO_FAULT],
  } as const;
  const courses: Course[] = [control, ...(values.quick ? quick(all) : full(all))];
  const results: (Result & HandOver)[] = [];
  const worker = async (): Promise<void> => {
    const course = courses.shift();
    if (course === undefined) return;
    results.push(...(await play(course)));
    await worker();
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));

  console.log(`\nThe longest refusal by fault, and deliveries:\n${table(results)}`);
  const counted = results.filter(({ way }) => way !== REFUSED_FOR_GOOD);
  const bad = counted.filter(({ lost, doubled }) => lost + doubled > 0);
  const seesLosses = results.some(({ way, lost }) => way === REFUSED_FOR_GOOD && lost > 0);
  console.log(`${counted.length} rotations, ${bad.length} of them lost or doubled a delivery.`);
  if (!seesLosses) console.log("A receiver that answers 401 lost nothing: the bench is blind.");
  if (!values.quick) write(results);
  return bad.length === 0 && seesLosses ? 0 : 1;
}

function write(results: readonly (Result & HandOver)[]): void {
  const page = join(ROOT, "docs/guides/hand-over.md");
  const text = readFileSync(page, "utf8");
  writeFileSync(
    page,
    text.replace(/^\| way .*\n(?:\|.*\n)*/m, () => table(results)),
  );
  mkdirSync(join(ROOT, "docs/images"), { recursive: true });
  const shown = results.find(({ way, fault }) => way === OUTPUTS && fault === NO_FAULT);
  if (shown) writeFileSync(join(ROOT, "docs/images/hand-over.svg"), picture(shown));
}

// Node ends without a word if a promise is left that nothing can settle.
process.exitCode = 1;
void main().then((code) => {
  process.exitCode = code;
});
