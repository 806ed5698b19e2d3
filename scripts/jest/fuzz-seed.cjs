// With FUZZ_CASES, every property of a test file starts from one seed, which is printed whether the
// tests pass or not: FUZZ_SEED repeats a run.
if (process.env.FUZZ_CASES !== undefined) {
  const { configureGlobal } = require("fast-check");
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  configureGlobal({ seed });
  process.stderr.write(`fast-check seed: ${seed}\n`);
}
