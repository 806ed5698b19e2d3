/**
 * With FUZZ_CASES, every property of a test file starts from one seed, which is printed even if the
 * tests pass: FUZZ_SEED repeats a run.
 */
import { configureGlobal } from "fast-check";

if (process.env.FUZZ_CASES !== undefined) {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  configureGlobal({ seed });
  process.stderr.write(`fast-check seed: ${seed}\n`);
}
