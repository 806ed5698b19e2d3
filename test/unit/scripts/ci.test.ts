import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/cli.js";
import { type TemporaryFolder, temporaryFolder } from "./support.js";

// .ci/run as it is, in a project whose own commands only say what they are told to.
let project: TemporaryFolder;
beforeEach(() => {
  project = temporaryFolder();
  cpSync(join(ROOT, ".ci"), join(project.path, ".ci"), { recursive: true });
  // npm's own start takes longer than all else here: a stand-in for `npm run --silent X` and
  // `npm test --silent -- ARGS`.
  project.write(
    "bin/npm",
    '#!/bin/sh\nif [ "$1" = run ]; then exec node "$3.js"; fi\nshift 3\nexec node test.js "$@"\n',
    0o755,
  );
  project.write("scripts/setup.mjs", "");
  project.write("scripts/cli.mjs", "");
  project.write("scripts/coverage.mjs", "");
  project.write("docs/index.md", "");
  spawnSync("git", ["init", "--quiet"], { cwd: project.path });
  project.write("test/some.test.ts", "FUZZ_CASES");
  commands({});
});
afterEach(() => {
  project.remove();
});

const report = (passed: number, failed: number, broken = 0) => `
  const file = process.argv.find((arg) => arg.startsWith("--outputFile=")).slice(13);
  require("fs").writeFileSync(file, JSON.stringify({
    numPassedTests: ${passed}, numFailedTests: ${failed}, numRuntimeErrorTestSuites: ${broken},
  }));
  process.exitCode = ${failed + broken > 0 ? 1 : 0};
`;

const commands = (replaced: Record<string, string>) => {
  const bodies: Record<string, string> = {
    lint: "",
    demo: "",
    bench: "",
    faults: "",
    test: report(10, 0),
    ...replaced,
  };
  for (const [name, body] of Object.entries(bodies)) project.write(`${name}.js`, body);
};

const run = () => {
  const { status, stdout } = spawnSync(join(project.path, ".ci/run"), {
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(project.path, "bin")}:${process.env.PATH ?? ""}` },
  });
  return { status, last: stdout.trimEnd().split("\n").at(-1), stdout };
};

it("sums tests and checks in its last line", () => {
  expect(run()).toMatchObject({ status: 0, last: "59 passed, 0 failed" });
});

it("fails with a failed test, and goes on", () => {
  commands({ test: report(9, 1) });
  expect(run()).toMatchObject({ status: 1, last: "54 passed, 5 failed" });
});

it("fails with a failed check, and names it", () => {
  commands({ lint: "process.exitCode = 1" });
  const { status, last, stdout } = run();
  expect({ status, last }).toEqual({ status: 1, last: "58 passed, 1 failed" });
  expect(stdout).toContain("Failed: Lint, formatting and types\n");
});

it.each([
  ["a suite does not load", report(10, 0, 1), "59 passed, 5 failed"],
  [
    "jest fails with no failed test",
    `${report(10, 0)} process.exitCode = 1;`,
    "59 passed, 5 failed",
  ],
  ["jest runs no test", report(0, 0), "9 passed, 5 failed"],
  ["jest does not start", "process.exitCode = 1", "9 passed, 5 failed"],
])("fails where %s", (_, test, last) => {
  commands({ test });
  expect(run()).toMatchObject({ status: 1, last });
});

it("ends at once where set-up fails", () => {
  project.write("scripts/setup.mjs", "process.exitCode = 1");
  expect(run()).toMatchObject({ status: 1, last: "0 passed, 1 failed" });
});
