// Mutation testing of the code in which a fault costs a secret, one area at a time:
//   AREA=secret npm run mutate [-- --mutate src/provider/webhook-secret/plan.ts]
// Results of earlier runs are reused; after a change of this file, add -- --force.
// The quick areas also try mutants of what a module does as it loads; in the slow one, each mutant
// meets only the tests that reach it. That takes hours: give it a file at a time.
import jestConfig from "./jest.config.js";

const areas = {
  secret: [
    "src/provider/webhook-secret/*.ts",
    "{provider/**/*,unit/provider/**/*,explore/explore}",
  ],
  verify: ["src/webhooks/verify.ts", "unit/webhooks/**/*"],
  classify: ["src/polyai/classify.ts", "unit/polyai/{classify,statuses,error-body,redaction}"],
  retry: ["src/polyai/retry.ts", "unit/polyai/retry"],
  schema: ["src/plugin/schema/*.ts", "unit/plugin/{schema,server}/**/*"],
};
const area = process.env.AREA ?? "secret";
const [mutate, tests] = areas[area];
const quick = area !== "secret";
// Without rootDir, jest runs in Stryker's copy of the tree, where the mutants are.
const unit = { ...jestConfig.projects[0] };
delete unit.rootDir;

// In UTC, a time that is read without its zone looks right.
process.env.TZ = "Asia/Kolkata";

export default {
  mutate: [mutate],
  testRunner: "jest",
  jest: {
    config: { ...unit, projects: [], testMatch: [`<rootDir>/test/${tests}.test.ts`] },
  },
  coverageAnalysis: quick ? "all" : "perTest",
  ignoreStatic: !quick,
  concurrency: 2,
  incremental: true,
  incrementalFile: `.cache/mutation-${area}.json`,
  timeoutMS: 30_000,
  ignorePatterns: ["/dist", "/.cache", "/examples", "/lib"],
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { reportTests: false, allowColor: false },
  jsonReporter: { fileName: ".cache/mutation.json" },
  tempDirName: ".cache/stryker",
  thresholds: { high: 95, low: 92, break: 92 },
};
