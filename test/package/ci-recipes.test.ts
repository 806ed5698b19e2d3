/**
 * The commands of the CI recipes, run as they stand: each job in a fresh clone, with only what the
 * recipe hands on from one to the next, against the simulator.
 */
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clis, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { PROVIDER_VERSION } from "../support/workspace.js";

const FOLDER = join(ROOT, "examples/ci");
const LOCK = ".terraform.lock.hcl";
type Variables = Readonly<Record<string, string>>;

interface Script {
  readonly run: string;
  readonly env: Variables;
}

/** Both have the same three jobs; they differ in how these get the key and the approved plan. */
interface Recipe {
  /** The file in which a job leaves what it hands on. */
  readonly outputs: string;
  /** A job's scripts, each for a shell of its own. */
  readonly scripts: (job: string, plan: Variables) => readonly Script[];
}

const simulator = simulatorForAll();

const read = (path: string): unknown => parse(readFileSync(join(FOLDER, path), "utf8"));
const { jobs: workflow } = read("github-actions/polyai.yml") as {
  readonly jobs: Readonly<
    Record<string, { steps: readonly { run?: string; env?: Variables }[]; if: string }>
  >;
};
const pipeline = read("gitlab/.gitlab-ci.yml") as Readonly<
  Record<string, { readonly script: readonly string[] }>
> & { readonly default: { readonly before_script: readonly string[] } };

const RECIPES: Readonly<Record<"github-actions" | "gitlab", Recipe>> = {
  "github-actions": {
    outputs: "outputs",
    scripts(job, { digest }) {
      const values: Record<string, string | undefined> = {
        "secrets.POLYAI_API_KEY": job === "validate" ? undefined : simulator().apiKey,
        "needs.plan.outputs.digest": digest,
      };
      const expression = (text: string) =>
        text.replace(/\$\{\{ (\S+) \}\}/g, (_, name: string) => {
          if (values[name] === undefined) throw new Error(`${job} uses ${name}`);
          return values[name];
        });
      return workflow[job]!.steps.flatMap(({ run, env = {} }) => {
        const own = Object.entries(env).map(([name, text]) => [name, expression(text)] as const);
        const all = { GITHUB_OUTPUT: "outputs", ...Object.fromEntries(own) };
        return run === undefined ? [] : [{ run, env: all }];
      });
    },
  },
  gitlab: {
    outputs: "plan.env",
    scripts: (job, plan) => [
      {
        run: [...pipeline.default.before_script, ...pipeline[job]!.script].join("\n"),
        env: { ...(job !== "validate" && { POLYAI_API_KEY: simulator().apiKey }), ...plan },
      },
    ],
  },
};

// One with each product, where both are here.
it.each([
  ["github-actions", clis()[0]!],
  ["gitlab", clis().at(-1)!],
] as const)(
  "the recipe %s validates without a key, applies the plan that was approved and no other, prints no secret",
  async (name, cli) => {
    const { id } = await simulator().createEndpoint();
    const { scripts, outputs } = RECIPES[name];
    const repository = temporaryFolder();
    const main = join(repository, "main.tf");
    /** Changes main.tf, as a person does. */
    const edit = (from: string | RegExp, to: string) =>
      writeFileSync(main, readFileSync(main, "utf8").replaceAll(from, to));
    let printed = "";
    /** Runs scripts in a new clone on a new machine, and gives its folder. */
    const run = async (all: readonly Script[]): Promise<string> => {
      const machine = Machine.with(cli, { POLYAI_BASE_URL: simulator().url });
      cpSync(repository, machine.folder, { recursive: true });
      for (const script of all) {
        const { stdout, stderr } = await machine.shell(script.run, script.env);
        printed += stdout + stderr;
      }
      return machine.folder;
    };
    /** Runs a job of the recipe, which may get what the plan handed on; gives what it hands on. */
    const job = async (what: string, plan: Variables = {}): Promise<Variables> => {
      const folder = await run(scripts(what, plan));
      expect(existsSync(join(folder, "tfplan"))).toBe(false);
      const file = join(folder, outputs);
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      return Object.fromEntries(
        [...text.matchAll(/^([^=\n]*)=(.*)$/gm)].map(([, key, value]) => [key, value]),
      );
    };

    cpSync(join(FOLDER, name), repository, { recursive: true });
    // The recipe's own backend is not available here.
    const path = JSON.stringify(join(temporaryFolder(), "terraform.tfstate"));
    const backend = `terraform {\n  backend "local" {\n    path = ${path}\n  }\n}\n`;
    writeFileSync(join(repository, "backend_override.tf"), backend);
    // Once, by a person, as the guide says: the id and the lock file.
    edit(/whe_\w+/g, id);
    const npx = `npx --yes terraform-provider-polyai@${PROVIDER_VERSION}`;
    const folder = await run([{ run: `${npx} install\nterraform init`, env: {} }]);
    cpSync(join(folder, LOCK), join(repository, LOCK));
    printed = "";

    await job("validate");
    const approved = await job("plan");
    edit("2026-Q4", "2027-Q1");
    await expect(job("apply", approved)).rejects.toThrow(
      "This plan is not the one that was approved.",
    );
    expect(simulator().rotations(id)).toBe(0);

    edit("2027-Q1", "2026-Q4");
    await job("apply", approved);
    expect(simulator().rotations(id)).toBe(1);
    for (const hidden of [simulator().currentSecret(id), simulator().apiKey]) {
      expect(printed).not.toContain(hidden);
    }

    if (name === "github-actions") {
      // An apply with nothing to do would have somebody asked for nothing.
      expect(workflow.apply!.if).toBe("needs.plan.outputs.changes == 'yes'");
      expect([approved.changes, (await job("plan")).changes]).toEqual(["yes", ""]);
    }
  },
);
