/**
 * The commands of the CI recipes, run as they stand: each job in a fresh clone, with only what the
 * recipe hands on from one to the next, against the simulator.
 */
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Cli, clis, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { PROVIDER_VERSION } from "../support/workspace.js";

const RECIPES = join(ROOT, "examples/ci");
type Environment = Readonly<Record<string, string>>;
type Outputs = Readonly<Record<string, string>>;

const simulator = simulatorForAll();

/** A repository with a recipe in it, of which each job gets a clone. */
class Repository {
  readonly #folder = temporaryFolder();
  printed = "";

  /**
   * @param recipe its folder
   * @param cli what its jobs get as terraform
   */
  constructor(
    recipe: string,
    endpointId: string,
    private readonly cli: Cli,
  ) {
    cpSync(join(RECIPES, recipe), this.#folder, { recursive: true });
    // Once, by a person, as the guide says.
    this.edit(/whe_\w+/g, endpointId);
    const state = JSON.stringify(join(temporaryFolder(), "terraform.tfstate"));
    // The recipe's own backend is not available here.
    const backend = `terraform {\n  backend "local" {\n    path = ${state}\n  }\n}\n`;
    writeFileSync(join(this.#folder, "backend_override.tf"), backend);
  }

  /** Changes main.tf, as a person does. */
  edit(from: string | RegExp, to: string): void {
    const file = join(this.#folder, "main.tf");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
  }

  /** A person does this once: installs, initializes, and commits the lock file. */
  async commitLockFile(): Promise<void> {
    const npx = `npx --yes terraform-provider-polyai@${PROVIDER_VERSION}`;
    const { folder } = await this.job({ run: `${npx} install\nterraform init`, env: {} });
    cpSync(join(folder, ".terraform.lock.hcl"), join(this.#folder, ".terraform.lock.hcl"));
    this.printed = "";
  }

  /** Runs a job's scripts, each in a shell of its own, in a new clone on a new machine. */
  async job(...scripts: readonly { run: string; env: Environment }[]): Promise<Machine> {
    const machine = Machine.with(this.cli, { POLYAI_BASE_URL: simulator().url });
    cpSync(this.#folder, machine.folder, { recursive: true });
    for (const { run, env } of scripts) {
      const { stdout, stderr } = await machine.shell(run, env);
      this.printed += stdout + stderr;
    }
    return machine;
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
  const output = join(temporaryFolder(), "output");
  writeFileSync(output, "");
  const expression = (text: string) =>
    text.replace(/\$\{\{ (\S+) \}\}/g, (_, name: string) => {
      if (values[name] === undefined) throw new Error(`${job} uses ${name}`);
      return values[name];
    });
  const commands = workflow[job]!.steps.flatMap(({ run, env = {} }) => {
    const own = Object.entries(env).map(([name, text]) => [name, expression(text)]);
    const all = { GITHUB_OUTPUT: output, ...(Object.fromEntries(own) as Environment) };
    return run === undefined ? [] : [{ run, env: all }];
  });
  const { folder } = await repository.job(...commands);
  expect(existsSync(join(folder, "tfplan"))).toBe(false);
  return variables(readFileSync(output, "utf8"));
}

const variables = (text: string): Outputs =>
  Object.fromEntries(
    [...text.matchAll(/^([^=\n]*)=(.*)$/gm)].map(([, name, value]) => [name, value]),
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
const jobOf = {
  "github-actions": (repository: Repository, job: string, { digest }: Outputs = {}) =>
    github(repository, job, {
      ...(job === "validate" ? {} : { "secrets.POLYAI_API_KEY": simulator().apiKey }),
      ...(digest === undefined ? {} : { "needs.plan.outputs.digest": digest }),
    }),
  gitlab: (repository: Repository, job: string, plan: Outputs = {}) =>
    gitlab(repository, job, {
      ...(job === "validate" ? {} : { POLYAI_API_KEY: simulator().apiKey }),
      ...plan,
    }),
};

// One with each product, where both are here.
describe.each([
  ["github-actions", clis()[0]!],
  ["gitlab", clis().at(-1)!],
] as const)("the recipe %s", (name, cli) => {
  const run = jobOf[name];

  it("validates without a key, applies the plan that was approved and no other, prints no secret", async () => {
    const { id } = await simulator().createEndpoint();
    const repository = new Repository(name, id, cli);
    await repository.commitLockFile();
    await run(repository, "validate");

    const approved = await run(repository, "plan");
    repository.edit("2026-Q4", "2027-Q1");
    await expect(run(repository, "apply", approved)).rejects.toThrow(
      "This plan is not the one that was approved.",
    );
    expect(simulator().rotations(id)).toBe(0);

    repository.edit("2027-Q1", "2026-Q4");
    await run(repository, "apply", approved);
    expect(simulator().rotations(id)).toBe(1);
    for (const hidden of [simulator().currentSecret(id), simulator().apiKey]) {
      expect(repository.printed).not.toContain(hidden);
    }

    if (name === "github-actions") {
      // An apply with nothing to do would have somebody asked for nothing.
      expect(workflow.apply!.if).toBe("needs.plan.outputs.changes == 'yes'");
      expect([approved.changes, (await run(repository, "plan")).changes]).toEqual(["yes", ""]);
    }
  });
});
