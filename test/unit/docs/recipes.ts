/** The CI recipes in examples/ci, and what is wrong with a text that is meant to be one. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { ROOT } from "../../support/cli.js";

export const RECIPES = join(ROOT, "examples/ci");

export const recipe = (path: string): string => readFileSync(join(RECIPES, path), "utf8");

type Json = Record<string, unknown>;

/** What GitHub's own parser of workflows says against each text, with the line. */
export function faultsOfWorkflows(texts: readonly string[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), "workflow-parser-"));
  try {
    // It is an ES module that imports JSON, which no Node loads as it is: bundled first.
    const program = join(folder, "program.cjs");
    buildSync({
      stdin: { contents: PROGRAM, resolveDir: ROOT },
      bundle: true,
      platform: "node",
      outfile: program,
    });
    const said = execFileSync(process.execPath, [program], { input: JSON.stringify(texts) });
    return JSON.parse(said.toString()) as string[][];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PROGRAM = `
import * as github from "@actions/workflow-parser";
import { readFileSync } from "node:fs";

async function faults(content) {
  const file = { name: "workflow.yml", content };
  const { context, value } = github.parseWorkflow(file, new github.NoOperationTraceWriter());
  const said = context.errors.getErrors().map(({ message }) => message);
  if (value === undefined) return said;
  const { errors = [] } = await github.convertWorkflowTemplate(context, value);
  return [...new Set([...said, ...errors.map(({ Message }) => Message)])];
}

Promise.all(JSON.parse(readFileSync(0, "utf8")).map(faults)).then((all) => {
  process.stdout.write(JSON.stringify(all));
});
`;

const isMap = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");
const oneOf =
  (...words: readonly string[]) =>
  (value: unknown) =>
    words.includes(value as string);
const isText = (value: unknown) => typeof value === "string";
const isTrueOrFalse = (value: unknown) => typeof value === "boolean";

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

/** Whether a value is a map that has no other keys, and the right kind of value under each. */
const fits =
  (shape: Shape, ...required: readonly string[]) =>
  (value: unknown): boolean =>
    isMap(value) &&
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, of]) => Object.hasOwn(shape, key) && shape[key]!(of));

const listOf = (fit: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(fit);
const mapOf = (fit: (value: unknown) => boolean) => (value: unknown) =>
  isMap(value) && Object.values(value).every(fit);

const image = fits({ name: isText, entrypoint: isTexts }, "name");

/** Of what GitLab knows in a job, that which a recipe may use. */
const job = fits(
  {
    stage: isText,
    script: isTexts,
    needs: isTexts,
    rules: listOf(fits({ if: isText, when: oneOf("on_success", "manual", "never") }, "if")),
    environment: isText,
    resource_group: isText,
    interruptible: isTrueOrFalse,
    artifacts: fits({ reports: fits({ dotenv: isText }) }),
  },
  "stage",
  "script",
  "rules",
);

/** What is wrong with a GitLab pipeline, by the part of GitLab's keywords that a recipe may use. */
export function faultsOfPipeline(pipeline: unknown): string[] {
  if (!isMap(pipeline)) return ["it is no map"];
  const { stages, default: defaults, variables, ...jobs } = pipeline;
  if (!isTexts(stages)) return ["stages is no list of names"];
  const faults = [];
  if (!fits({ image, before_script: isTexts }, "image")(defaults)) faults.push("default");
  if (!mapOf(isText)(variables)) faults.push("variables");
  for (const [name, of] of Object.entries(jobs)) {
    if (!job(of)) {
      faults.push(name);
      continue;
    }
    const { stage, needs = [] } = of as { stage: string; needs?: string[] };
    const place = stages.indexOf(stage);
    if (place < 0) faults.push(`${name}: there is no stage ${stage}`);
    for (const need of needs) {
      const needed = jobs[need] as { stage?: string } | undefined;
      if (needed === undefined) faults.push(`${name}: there is no job ${need}`);
      else if (stages.indexOf(needed.stage ?? "") >= place) {
        faults.push(`${name}: ${need} does not come before it`);
      }
    }
  }
  return faults;
}

const isRequirements = listOf(oneOf("approved", "mergeable", "undiverged"));
const builtIn = oneOf("init", "plan", "apply", "show", "import", "state_rm");
const withArguments = fits(
  Object.fromEntries(
    ["init", "plan", "apply"].map((step) => [step, fits({ extra_args: isTexts }, "extra_args")]),
  ),
);
const isStage = fits({ steps: listOf((step) => builtIn(step) || withArguments(step)) }, "steps");

/** Whether it is Atlantis's configuration of a server, with built-in steps only. */
export const isAtlantisServer = fits(
  {
    repos: listOf(
      fits(
        {
          id: isText,
          workflow: isText,
          plan_requirements: isRequirements,
          apply_requirements: isRequirements,
          import_requirements: isRequirements,
          allowed_overrides: isTexts,
          allow_custom_workflows: isTrueOrFalse,
        },
        "id",
      ),
    ),
    workflows: mapOf(fits({ plan: isStage, apply: isStage })),
  },
  "repos",
);

/** Whether it is Atlantis's configuration of a repository, without the keys that servers restrict. */
export const isAtlantisRepository = fits(
  {
    version: (value) => value === 3,
    projects: listOf(
      fits(
        {
          name: isText,
          dir: isText,
          workspace: isText,
          terraform_version: isText,
          autoplan: fits({ enabled: isTrueOrFalse, when_modified: isTexts }),
        },
        "dir",
      ),
    ),
  },
  "version",
  "projects",
);
