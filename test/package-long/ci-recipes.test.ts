/** GitLab's JSON schema, which gitlab-ci-local brings, checks the recipe. Lint checks GitHub's. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { install } from "../package/consumer.js";
import { ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";

it("GitLab's schema has nothing against the pipeline, in which a branch gets a plan and a manual apply", async () => {
  const tools = join(await install("node@22.23.3", "gitlab-ci-local@4.75.1"), "node_modules");
  const machine = new Machine();
  copyFileSync(
    join(ROOT, "examples/ci/gitlab/.gitlab-ci.yml"),
    join(machine.folder, ".gitlab-ci.yml"),
  );
  const { stdout } = await machine.shell(`git init --quiet
git remote add origin https://example.com/a/b.git
${tools}/.bin/node ${tools}/gitlab-ci-local/dist/index.js --list --cwd . 2>&1`);
  expect(stdout).toMatch(/^plan +plan +on_success .*\napply +apply +manual .*polyai +\[plan\]$/m);
  expect(stdout).toContain("json schema validated");
}, 600_000);
