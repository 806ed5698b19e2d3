// Mutation testing of the code in which a fault costs a secret, one area at a time:
//   AREA=secret npm run mutate [-- --mutate src/provider/webhook-secret/plan.ts]
import jestConfig from "./jest.config.js";

const areas = {
  secret: ["src/provider/webhook-secret/*.ts", "{provider,unit/provider}"],
  verify: ["src/webhooks/verify.ts", "unit/webhooks"],
  polyai: ["src/polyai/{judge,retry}.ts", "unit/polyai"],
  schema: ["src/plugin/schema/*.ts", "unit/plugin/{schema,server}"],
};
const [mutate, tests] = areas[process.env.AREA ?? "secret"];
const [unit] = jestConfig.projects;

export default {
  mutate: [mutate],
  testRunner: "jest",
  jest: {
    config: { projects: [{ ...unit, testMatch: [`<rootDir>/test/${tests}/**/*.test.ts`] }] },
  },
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  concurrency: 1,
  timeoutMS: 30_000,
  ignorePatterns: ["dist", ".cache", "docs", "examples", "lib"],
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { reportTests: false, allowColor: false },
  jsonReporter: { fileName: ".cache/mutation.json" },
  tempDirName: ".cache/stryker",
  thresholds: { high: 95, low: 92, break: 92 },
};
