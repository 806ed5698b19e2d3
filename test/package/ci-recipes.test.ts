/**
 * The commands of the CI recipes, run as they stand: each job in a fresh clone, with only what the
 * recipe hands on from one to the next, against the simulator.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { type Cli, clis, ROOT } from "../support/cli.js";
import { consumerFolder } from "./consumer.js";
import { runnerTools, VERSION } from "./runner-tools.js";

const exec = promisify(execFile);
const RECIPES = join(ROOT, "examples/ci");
type Environment = Readonly<Record<string, string>>;
type Outputs = Readonly<Record<string, string>>;

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

/** A repository with a recipe in it, of which each job gets a clone. */
class Repository {
  readonly #folder = consumerFolder();
  readonly #state = join(consumerFolder(), "terraform.tfstate");
  readonly #tools: string;
  printed = "";

  /**
   * @param recipe its folder
   * @param cli what its jobs get as terraform
   */
  constructor(recipe: string, endpointId: string, cli: Cli) {
    this.#tools = runnerTools(cli, { apk: "" });
    cpSync(join(RECIPES, recipe), this.#folder, { recursive: true });
    const main = this.read("main.tf").replaceAll("whe_9ZtRcXw3nByK5pVqMaEfJs", endpointId);
    // Once, by a person, as the guide says.
    this.write("main.tf", main);
    // The recipe's own backend is not to be had here.
    this.write(
      "backend_override.tf",
      `terraform {\n  backend "local" {\n    path = ${JSON.stringify(this.#state)}\n  }\n}\n`,
    );
  }

  read(file: string): string {
    return readFileSync(join(this.#folder, file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  /** What a person does once: installs, initializes, and commits the lock file. */
  async commitLockFile(): Promise<void> {
    const npx = `npx --yes terraform-provider-polyai@${VERSION}`;
    const { folder } = await this.job(`${npx} install\nterraform init`);
    cpSync(join(folder, ".terraform.lock.hcl"), join(this.#folder, ".terraform.lock.hcl"));
    this.printed = "";
  }

  /** Runs a job's scripts, each in a shell of its own, in a new clone and a new home. */
  async job(...scripts: readonly (string | { run: string; env: Environment })[]) {
    const folder = consumerFolder();
    cpSync(this.#folder, folder, { recursive: true });
    const home = join(folder, ".home");
    mkdirSync(home);
    for (const script of scripts) {
      const { run, env } = typeof script === "string" ? { run: script, env: {} } : script;
      const ended = exec("bash", ["-eo", "pipefail", "-c", run], {
        cwd: folder,
        env: {
          PATH: `${this.#tools}${delimiter}${process.env.PATH ?? ""}`,
          HOME: home,
          CHECKPOINT_DISABLE: "1",
          POLYAI_BASE_URL: simulator.url,
          ...env,
        },
      });
      const { stdout, stderr } = await ended.catch((failure: unknown) => {
        const { stdout, stderr } = failure as { stdout: string; stderr: string };
        throw new Error(`${run}\nprinted:\n${stdout}${stderr}`);
      });
      this.printed += stdout + stderr;
    }
    return { folder };
  }
}

interface Step {
  readonly run?: string;
  readonly env?: Environment;
}

const { jobs: workflow } = parse(
  readFileSync(join(RECIPES, "github-actions/polyai.yml"), "utf8"),
) as { jobs: Readonly<Record<string, { steps: readonly Step[]; if: string }>> };

/** A job of the workflow, with the values that its expressions have; gives what its steps put out. */
async function github(repository: Repository, job: string, values: Environment): Promise<Outputs> {
  const output = join(consumerFolder(), "output");
  writeFileSync(output, "");
  const expression = (text: string) =>
    text.replace(/\$\{\{ (\S+) \}\}/g, (_, name: string) => {
      if (values[name] === undefined) throw new Error(`${job} uses ${name}`);
      return values[name];
    });
  const commands = workflow[job]!.steps.flatMap(({ run, env = {} }) =>
    run === undefined
      ? []
      : [
          {
            run,
            env: {
              GITHUB_OUTPUT: output,
              ...Object.fromEntries(
                Object.entries(env).map(([name, text]) => [name, expression(text)]),
              ),
            },
          },
        ],
  );
  const { folder } = await repository.job(...commands);
  expect(existsSync(join(folder, "tfplan"))).toBe(false);
  return variables(readFileSync(output, "utf8"));
}

const variables = (text: string): Outputs =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

interface GitlabJob {
  readonly script: readonly string[];
}

const pipeline = parse(readFileSync(join(RECIPES, "gitlab/.gitlab-ci.yml"), "utf8")) as Readonly<
  Record<string, GitlabJob>
> & { readonly default: { readonly before_script: readonly string[] } };

/** A job of the pipeline, in one shell as GitLab runs it; gives what its dotenv report has. */
async function gitlab(repository: Repository, job: string, env: Environment): Promise<Outputs> {
  const run = [...pipeline.default.before_script, ...pipeline[job]!.script].join("\n");
  const { folder } = await repository.job({ run, env });
  expect(existsSync(join(folder, "tfplan"))).toBe(false);
  const report = join(folder, "plan.env");
  return existsSync(report) ? variables(readFileSync(report, "utf8")) : {};
}

/** Both have the same three jobs; they differ in how these get the key and the approved plan. */
const CI = {
  "github-actions": {
    validate: (repository: Repository) => github(repository, "validate", {}),
    plan: (repository: Repository) =>
      github(repository, "plan", { "secrets.POLYAI_API_KEY": simulator.apiKey }),
    apply: (repository: Repository, plan: Outputs) =>
      github(repository, "apply", {
        "secrets.POLYAI_API_KEY": simulator.apiKey,
        "needs.plan.outputs.digest": plan.digest!,
      }),
  },
  gitlab: {
    validate: (repository: Repository) => gitlab(repository, "validate", {}),
    plan: (repository: Repository) =>
      gitlab(repository, "plan", { POLYAI_API_KEY: simulator.apiKey }),
    apply: (repository: Repository, plan: Outputs) =>
      gitlab(repository, "apply", { POLYAI_API_KEY: simulator.apiKey, ...plan }),
  },
};

// One with each product, where both are here.
describe.each([
  ["github-actions", clis()[0]!],
  ["gitlab", clis().at(-1)!],
] as const)("the recipe %s", (name, cli) => {
  const { validate, plan, apply } = CI[name];

  it("validates without a key, applies the plan that was approved and no other, prints no secret", async () => {
    const { id } = await simulator.createEndpoint();
    const repository = new Repository(name, id, cli);
    await repository.commitLockFile();
    await validate(repository);

    const approved = await plan(repository);
    const main = repository.read("main.tf");
    repository.write("main.tf", main.replace("2026-Q4", "2027-Q1"));
    await expect(apply(repository, approved)).rejects.toThrow(
      "This plan is not the one that was approved.",
    );
    expect(simulator.rotations(id)).toBe(0);

    repository.write("main.tf", main);
    await apply(repository, approved);
    expect(simulator.rotations(id)).toBe(1);
    for (const hidden of [simulator.currentSecret(id), simulator.apiKey]) {
      expect(repository.printed).not.toContain(hidden);
    }

    if (name === "github-actions") {
      // An apply with nothing to do would have somebody asked for nothing.
      expect(workflow.apply!.if).toBe("needs.plan.outputs.changes == 'yes'");
      expect([approved.changes, (await plan(repository)).changes]).toEqual(["yes", ""]);
    }
  });
});
