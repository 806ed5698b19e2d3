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
  // npm's own start takes longer than all else here: a stand-in for `npm run --silent X -- ARGS` and
  // `npm test --silent -- ARGS`.
  project.write(
    "bin/npm",
    `#!/bin/sh
if [ "$1" = run ]; then command=$3; else command=test; fi
shift 3
exec node "$command.js" "$@"
`,
    0o755,
  );
  for (const name of ["setup", "cli", "reproducible", "publish"]) {
    project.write(`scripts/${name}.mjs`, "");
  }
  project.write("docs/index.md", "");
  spawnSync("git", ["init", "--quiet"], { cwd: project.path });
  // In two parts: CI looks for it in this file, too.
  project.write("test/some.test.ts", ["FUZZ", "CASES"].join("_"));
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
    "test:executable": report(10, 0),
    ...replaced,
  };
  for (const [name, body] of Object.entries(bodies)) project.write(`${name}.js`, body);
};

const run = () => {
  const { status, stdout } = spawnSync(join(project.path, ".ci/run"), {
    encoding: "utf8",
    env: { PATH: `${join(project.path, "bin")}:${process.env.PATH ?? ""}` },
  });
  return { status, last: stdout.trimEnd().split("\n").at(-1), stdout };
};

it("sums tests and checks in its last line", () => {
  expect(run()).toMatchObject({ status: 0, last: "69 passed, 0 failed" });
});

it("fails with a failed test, and goes on", () => {
  commands({ test: report(9, 1) });
  expect(run()).toMatchObject({ status: 1, last: "64 passed, 5 failed" });
});

it("fails with a failed check, and names it", () => {
  commands({ lint: "process.exitCode = 1" });
  const { status, last, stdout } = run();
  expect({ status, last }).toEqual({ status: 1, last: "68 passed, 1 failed" });
  expect(stdout).toContain("Failed: Lint, formatting and types\n");
});

it.each([
  ["a suite does not load", report(10, 0, 1), "69 passed, 5 failed"],
  [
    "jest fails with no failed test",
    `${report(10, 0)} process.exitCode = 1;`,
    "69 passed, 5 failed",
  ],
  ["jest runs no test", report(0, 0), "19 passed, 5 failed"],
  ["jest does not start", "process.exitCode = 1", "19 passed, 5 failed"],
])("fails where %s", (_, test, last) => {
  commands({ test });
  expect(run()).toMatchObject({ status: 1, last });
});

it("ends at once where set-up fails", () => {
  project.write("scripts/setup.mjs", "process.exitCode = 1");
  expect(run()).toMatchObject({ status: 1, last: "0 passed, 1 failed" });
});
