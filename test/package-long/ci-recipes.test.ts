/**
 * The CI recipes before linters of their own CI: actionlint, built by Go from its module, and GitLab's
 * schema as gitlab-ci-local has it. Both come from package registries.
 */
import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { consumerFolder, install } from "../package/consumer.js";
import { ROOT } from "../support/cli.js";

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

describe("actionlint", () => {
  const bin = consumerFolder();
  const repository = consumerFolder();
  const workflow = join(repository, ".github/workflows/polyai.yml");
  const run = () => lint(join(bin, "actionlint"), ["-no-color"], repository);

  beforeAll(async () => {
    await exec("go", ["install", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"], {
      env: { ...process.env, GOBIN: bin },
    });
    await exec("git", ["init", "--quiet"], { cwd: repository });
    mkdirSync(join(repository, ".github/workflows"), { recursive: true });
  }, 600_000);

  it("finds nothing in the recipe's workflow, nor in the project's own", async () => {
    cpSync(join(ROOT, ".github/workflows"), join(repository, ".github/workflows"), {
      recursive: true,
    });
    copyFileSync(join(RECIPES, "github-actions/polyai.yml"), workflow);
    expect(await run()).toEqual({ code: 0, printed: "" });
  });

  it("finds an input that an action does not have", async () => {
    const text = readFileSync(join(RECIPES, "github-actions/polyai.yml"), "utf8");
    writeFileSync(workflow, text.replace("persist-credentials", "keep-credentials"));
    const { code, printed } = await run();
    expect([code, printed]).toEqual([1, expect.stringContaining("keep-credentials")]);
  });
});

describe("GitLab's schema", () => {
  const project = consumerFolder();
  let tools: string;
  const run = () =>
    lint(
      join(tools, ".bin/node"),
      [join(tools, "gitlab-ci-local/dist/index.js"), "--list", "--cwd", "."],
      project,
    );

  beforeAll(async () => {
    tools = join(await install("node@22.23.3", "gitlab-ci-local@4.75.1"), "node_modules");
    await exec("git", ["init", "--quiet"], { cwd: project });
    await exec("git", ["remote", "add", "origin", "https://example.com/a/b.git"], { cwd: project });
  }, 600_000);

  it("has nothing against the pipeline, of which the branch gets a plan and a manual apply", async () => {
    copyFileSync(join(RECIPES, "gitlab/.gitlab-ci.yml"), join(project, ".gitlab-ci.yml"));
    const { code, printed } = await run();
    expect(code).toBe(0);
    expect(printed).toMatch(
      /^plan +plan +on_success .*\napply +apply +manual .*polyai +\[plan\]$/m,
    );
    expect(printed).toContain("json schema validated");
  });

  it.each([
    ["artifacts:", "artefacts:"],
    ["needs: [plan]", "needs: [plane]"],
    ["interruptible: false", "interruptible: perhaps"],
  ])("has something against it with %s as %s", async (right, wrong) => {
    const text = readFileSync(join(RECIPES, "gitlab/.gitlab-ci.yml"), "utf8");
    writeFileSync(join(project, ".gitlab-ci.yml"), text.replace(right, wrong));
    const { code, printed } = await run();
    expect([code, printed]).toEqual([1, expect.stringMatching(/artefacts|plane|interruptible/)]);
  });
});
