import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../../support/cli.js";
import {
  faultsOfPipeline,
  faultsOfWorkflows,
  isAtlantisRepository,
  isAtlantisServer,
  recipe,
  RECIPES,
} from "./recipes.js";

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  version: string;
};
const files = readdirSync(RECIPES, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(RECIPES.length + 1))
  .sort();

describe("the guide to CI", () => {
  const guide = readFileSync(join(ROOT, "docs/guides/ci.md"), "utf8");
  const blocks = [...guide.matchAll(/^```[a-z]+\n(.*?)^```$/gms)].map(([, text]) => text!);

  it.each(files.filter((file) => !file.endsWith("main.tf")))("shows %s as it is", (file) => {
    expect(blocks).toContain(recipe(file));
  });

  it("leads to each recipe's folder", () => {
    for (const folder of readdirSync(RECIPES)) {
      expect(guide).toContain(`](../../examples/ci/${folder})`);
    }
  });
});

describe("the recipe for GitHub Actions", () => {
  const text = recipe("github-actions/polyai.yml");
  const workflow = parse(text) as {
    permissions: object;
    jobs: Record<string, { steps: { uses?: string; run?: string; env?: object }[] }>;
  };

  it("is a workflow to GitHub's own parser, which finds a wrong key, context and job", () => {
    const [faults, ...others] = faultsOfWorkflows([
      text,
      text.replace("timeout-minutes", "timeout-seconds"),
      text.replace("secrets.POLYAI", "secretz.POLYAI"),
      text.replace("needs: plan", "needs: plane"),
    ]);
    expect(faults).toEqual([]);
    expect(others.map((said) => said.join("\n"))).toEqual([
      expect.stringContaining("timeout-seconds"),
      expect.stringContaining("secretz"),
      expect.stringContaining("plane"),
    ]);
  });

  it("gives the key to no job of a pull request, and to no step but those that plan", () => {
    const { validate, ...others } = workflow.jobs;
    expect(JSON.stringify(validate)).not.toMatch(/secrets\.|environment|id-token|STATE_ROLE/);
    for (const { steps } of Object.values(others)) {
      for (const step of steps) {
        const plans = step.run?.includes("terraform plan") ?? false;
        expect([step.run, JSON.stringify(step).includes("secrets.")]).toEqual([step.run, plans]);
      }
    }
  });

  it("grants reading only, and keeps no credentials in the clone", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const { steps } of Object.values(workflow.jobs)) {
      expect(steps[0]).toMatchObject({ with: { "persist-credentials": false } });
    }
  });
});

it("the project's own workflows are workflows to GitHub's parser", () => {
  const folder = join(ROOT, ".github/workflows");
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  expect(texts.length).toBeGreaterThan(0);
  expect(faultsOfWorkflows(texts).flat()).toEqual([]);
});

describe("the recipe for GitLab", () => {
  const pipeline = parse(recipe("gitlab/.gitlab-ci.yml")) as Record<string, object>;

  it("has GitLab's form", () => {
    expect(faultsOfPipeline(pipeline)).toEqual([]);
  });

  it.each([
    ["a key that is unknown", { ...pipeline, plan: { ...pipeline.plan, whem: "manual" } }, "plan"],
    [
      "a job that is not there",
      { ...pipeline, apply: { ...pipeline.apply, needs: ["plane"] } },
      "apply: there is no job plane",
    ],
    [
      "a stage that is not there",
      { ...pipeline, plan: { ...pipeline.plan, stage: "before" } },
      "plan: there is no stage before",
    ],
  ])("would not have it with %s", (_, broken, fault) => {
    expect(faultsOfPipeline(broken)).toContain(fault);
  });

  it("applies by hand, one at a time, and on the default branch only", () => {
    expect(pipeline.apply).toMatchObject({
      resource_group: "polyai",
      interruptible: false,
      environment: "polyai",
      rules: [{ if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", when: "manual" }],
    });
  });
});

describe("the recipe for Atlantis", () => {
  const server = parse(recipe("atlantis/repos.yaml")) as Record<string, object[]>;
  const repository = parse(recipe("atlantis/atlantis.yaml")) as object;

  it("has Atlantis's form", () => {
    expect([isAtlantisServer(server), isAtlantisRepository(repository)]).toEqual([true, true]);
  });

  it("would not have it with a key that is unknown or restricted, or an unknown step", () => {
    expect(isAtlantisServer({ ...server, repo: [] })).toBe(false);
    expect(isAtlantisServer({ ...server, workflows: { polyai: { plan: { steps: ["go"] } } } })).toBe(
      false,
    );
    expect(isAtlantisRepository({ ...repository, version: 2 })).toBe(false);
    expect(
      isAtlantisRepository({ version: 3, projects: [{ dir: ".", workflow: "polyai" }] }),
    ).toBe(false);
  });

  it("plans and applies what a person has approved, and lets no repository change that", () => {
    expect(server.repos).toMatchObject([
      {
        plan_requirements: ["approved"],
        apply_requirements: ["approved", "mergeable", "undiverged"],
        allowed_overrides: [],
        allow_custom_workflows: false,
      },
    ]);
  });

  it("puts into the image only what is beside the Dockerfile, or what the guide makes", () => {
    const instructions = recipe("atlantis/Dockerfile")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(" ", 1)[0]);
    expect(instructions).toEqual(["FROM", "COPY", "COPY", "ENV"]);
    const copied = [...recipe("atlantis/Dockerfile").matchAll(/^COPY (\S+)/gm)];
    expect(copied.map(([, from]) => from)).toEqual(["mirror", "providers.tfrc"]);
    expect(files).toContain("atlantis/providers.tfrc");
  });
});

describe("every recipe", () => {
  const pipelines = files.filter((file) => /\.ya?ml$/.test(file));

  it("names this version of the package", () => {
    const named = pipelines.flatMap((file) => [
      ...recipe(file).matchAll(/terraform-provider-polyai@(\S+)/g),
    ]);
    expect(named.length).toBeGreaterThan(3);
    for (const [, which] of named) expect(which).toBe(version);
  });

  it.each(pipelines)("%s caches nothing, hands on no saved plan, and prints no output", (file) => {
    expect(recipe(file)).not.toMatch(/^\s*cache:|upload-artifact|\bpaths:|terraform output/m);
  });

  it("refuses a provider that the lock file does not have", () => {
    const inits = pipelines.flatMap((file) => [...recipe(file).matchAll(/.*\binit\b.*\n?.*/g)]);
    expect(inits.length).toBeGreaterThan(4);
    for (const [init] of inits) expect(init).toContain("-lockfile=readonly");
  });

  it("applies a saved plan only", () => {
    for (const file of pipelines) {
      for (const [, args] of recipe(file).matchAll(/terraform apply (.*)/g)) {
        expect(args).toBe("-input=false tfplan");
      }
    }
  });
});
