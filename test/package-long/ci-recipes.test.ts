/** GitLab's JSON schema, which gitlab-ci-local brings, checks the recipe. Lint checks GitHub's. */
import { execFile } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { install } from "../package/consumer.js";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const exec = promisify(execFile);

it("GitLab's schema has nothing against the pipeline, in which a branch gets a plan and a manual apply", async () => {
  const cwd = temporaryFolder();
  const tools = join(await install("node@22.23.3", "gitlab-ci-local@4.75.1"), "node_modules");
  copyFileSync(join(ROOT, "examples/ci/gitlab/.gitlab-ci.yml"), join(cwd, ".gitlab-ci.yml"));
  await exec("git", ["init", "--quiet"], { cwd });
  await exec("git", ["remote", "add", "origin", "https://example.com/a/b.git"], { cwd });
  const program = join(tools, "gitlab-ci-local/dist/index.js");
  const { stdout, stderr } = await exec(
    join(tools, ".bin/node"),
    [program, "--list", "--cwd", "."],
    { cwd },
  );
  const printed = stdout + stderr;
  expect(printed).toMatch(/^plan +plan +on_success .*\napply +apply +manual .*polyai +\[plan\]$/m);
  expect(printed).toContain("json schema validated");
}, 600_000);
