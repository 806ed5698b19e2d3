/**
 * Every property meets so many cases. With FUZZ_CASES, those of a test file start from one seed,
 * which is printed even if the tests pass: FUZZ_SEED repeats a run.
 */
import { configureGlobal } from "fast-check";

const { FUZZ_CASES, FUZZ_SEED } = process.env;
const numRuns = Number(FUZZ_CASES ?? 1_000);
if (FUZZ_CASES === undefined) {
  configureGlobal({ numRuns });
} else {
  const seed = Number(FUZZ_SEED ?? Date.now() % 2 ** 31);
  configureGlobal({ numRuns, seed });
  process.stderr.write(`fast-check seed: ${seed}\n`);
}
