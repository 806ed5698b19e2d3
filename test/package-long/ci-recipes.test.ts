/**
 * The CI recipes, checked by their CI's own linters: actionlint, built by Go from its module, and
 * GitLab's JSON schema, which gitlab-ci-local brings.
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { install } from "../package/consumer.js";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const exec = promisify(execFile);
const RECIPES = join(ROOT, "examples/ci");

/** Its exit code, and all that it printed. */
async function lint(file: string, args: readonly string[], cwd: string) {
  const { code, stdout, stderr } = await exec(file, args, { cwd }).then(
    (printed) => ({ code: 0, ...printed }),
    (failure: unknown) => failure as { code: number; stdout: string; stderr: string },
  );
  return { code, printed: stdout + stderr };
}

it("actionlint finds nothing in the workflow for GitHub", async () => {
  const bin = temporaryFolder();
  await exec("go", ["install", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"], {
    env: { ...process.env, GOBIN: bin },
  });
  const workflow = join(RECIPES, "github-actions/polyai.yml");
  const linted = await lint(join(bin, "actionlint"), ["-no-color", workflow], ROOT);
  expect(linted).toEqual({ code: 0, printed: "" });
}, 600_000);

describe("GitLab's schema", () => {
  const project = temporaryFolder();
  let tools: string;
  const run = (pipeline: string) => {
    writeFileSync(join(project, ".gitlab-ci.yml"), pipeline);
    const program = join(tools, "gitlab-ci-local/dist/index.js");
    return lint(join(tools, ".bin/node"), [program, "--list", "--cwd", "."], project);
  };
  const recipe = readFileSync(join(RECIPES, "gitlab/.gitlab-ci.yml"), "utf8");

  beforeAll(async () => {
    tools = join(await install("node@22.23.3", "gitlab-ci-local@4.75.1"), "node_modules");
    await exec("git", ["init", "--quiet"], { cwd: project });
    await exec("git", ["remote", "add", "origin", "https://example.com/a/b.git"], { cwd: project });
  }, 600_000);

  it("has nothing against the pipeline, in which a branch gets a plan and a manual apply", async () => {
    const { code, printed } = await run(recipe);
    expect(code).toBe(0);
    expect(printed).toMatch(
      /^plan +plan +on_success .*\napply +apply +manual .*polyai +\[plan\]$/m,
    );
    expect(printed).toContain("json schema validated");
  });

  it("refuses a keyword that does not exist", async () => {
    const { code, printed } = await run(recipe.replace("artifacts:", "artefacts:"));
    expect([code, printed]).toEqual([1, expect.stringContaining("artefacts")]);
  });
});
