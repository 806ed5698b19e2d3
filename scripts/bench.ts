/**
 * npm run bench: this build beside others, on this machine, in turns.
 *
 *   npm run bench [-- --against FOLDER] [--runs N]
 *
 * With --against, a clone of the project with another build in dist/; else terraform_data, which runs
 * in the CLI's own process, and time_static of hashicorp/time, written in Go.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startSimulator, type Simulator } from "../src/simulator/index.js";
import { NAME } from "./build.js";
import { findClis, type Cli } from "./cli.js";
import { goTool } from "./lib/go.js";
import { platform, root } from "./lib/machine.js";
import { main, run, say } from "./lib/process.js";

const TIME = "0.14.2";
const SIZES = [1, 10, 100];

interface Variant {
  readonly title: string;
  /** The plugin's file, and where Terraform looks for it below a mirror of plugins. */
  readonly plugin?: { readonly file: string; readonly place: string };
  readonly requires: string;
  /** A resource block with `count`. */
  readonly resource: string;
}

function ours(title: string, folder: string): Variant {
  const source = "registry.terraform.io/polyai/polyai";
  const dist = join(folder, "dist/plugin");
  const name = readdirSync(dist).find((file) => file.startsWith(`${NAME}_v`)) ?? NAME;
  const version = name.slice(name.indexOf("_v") + 2);
  return {
    title,
    plugin: { file: join(dist, name), place: join(source, version, platform().name, name) },
    requires: `polyai = { source = "${source}" }`,
    resource: `resource "polyai_webhook_secret" "it" {
  count            = var.size
  endpoint_id      = jsondecode(file("ids.json"))[count.index]
  rotation_trigger = var.trigger
}`,
  };
}

function time(): Variant {
  const [name, source] = ["terraform-provider-time", "registry.terraform.io/hashicorp/time"];
  const tool = `${name}_v${TIME}`;
  const file = goTool(tool, { module: `github.com/hashicorp/${name}`, version: TIME });
  return {
    title: "hashicorp/time",
    plugin: { file, place: join(source, TIME, platform().name, tool + platform().exe) },
    requires: `time = { source = "${source}" }`,
    resource: `resource "time_static" "it" {
  count    = var.size
  triggers = { it = var.trigger }
}`,
  };
}

const terraformData: Variant = {
  title: "terraform_data",
  requires: "",
  resource: `resource "terraform_data" "it" {
  count            = var.size
  triggers_replace = var.trigger
}`,
};

/** A folder with the configuration of one variant. */
class Workspace {
  #trigger = 0;
  readonly #env: NodeJS.ProcessEnv;

  constructor(
    readonly folder: string,
    readonly cli: Cli,
    simulator: Simulator,
  ) {
    // NODE_EXTRA_CA_CERTS, if it is set, slows every start of Node down; it is left out here.
    this.#env = {
      PATH: process.env.PATH,
      HOME: folder,
      CHECKPOINT_DISABLE: "1",
      POLYAI_API_KEY: simulator.apiKey,
      POLYAI_BASE_URL: simulator.url,
    };
  }

  async prepare({ plugin, requires, resource }: Variant, ids: readonly string[]): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    if (plugin !== undefined) {
      const target = dirname(join(this.folder, "terraform.d/plugins", plugin.place));
      cpSync(dirname(plugin.file), target, { recursive: true });
    }
    const text = `terraform {
  required_providers { ${requires} }
}
variable "size" { default = ${ids.length} }
variable "trigger" { type = string }
${resource}
`;
    writeFileSync(join(this.folder, "main.tf"), text);
    writeFileSync(join(this.folder, "ids.json"), JSON.stringify(ids));
    await this.#seconds("init", "-input=false");
  }

  /** Seconds for one start of the plugin and the answer to its first request, with the CLI's own. */
  schema(): Promise<number> {
    return this.#seconds("providers", "schema", "-json");
  }

  /** Seconds that an apply takes which creates all resources. */
  create(): Promise<number> {
    rmSync(join(this.folder, "terraform.tfstate"), { force: true });
    return this.rotate();
  }

  /** Seconds that an apply takes with a new trigger. */
  rotate(): Promise<number> {
    this.#trigger++;
    const trigger = `-var=trigger=${this.#trigger}`;
    return this.#seconds("apply", "-auto-approve", "-input=false", trigger);
  }

  async #seconds(...args: string[]): Promise<number> {
    const start = performance.now();
    await run(this.cli.path, args, { cwd: this.folder, env: this.#env });
    return (performance.now() - start) / 1000;
  }
}

/** Runs all measures in turn, `runs` times after a round that does not count. Gives the medians. */
async function inTurns(runs: number, measures: readonly (() => Promise<number>)[]) {
  const samples: number[][] = measures.map(() => []);
  for (let turn = 0; turn <= runs; turn++) {
    for (const [index, measure] of measures.entries()) {
      const sample = await measure();
      if (turn > 0) samples[index]?.push(sample);
    }
  }
  return samples.map((each) => each.sort((a, b) => a - b)[each.length >> 1] ?? NaN);
}

main(async () => {
  const { values } = parseArgs({
    options: { against: { type: "string" }, runs: { type: "string", default: "9" } },
  });
  const runs = Number(values.runs);
  const [cli] = findClis();
  if (cli === undefined) throw new Error("Neither Terraform nor OpenTofu is here: npm run setup");
  const mine = ours("this build", root);
  const variants =
    values.against === undefined
      ? [mine, time(), terraformData]
      : [mine, ours("the other build", resolve(values.against))];
  const base = mkdtempSync(join(tmpdir(), "polyai-bench-"));
  const simulator = await startSimulator();
  try {
    const table: Record<string, Record<string, string>> = {};
    for (const size of SIZES) {
      const workspaces = variants.map(
        (_, index) => new Workspace(join(base, `${index}-${size}`), cli, simulator),
      );
      for (const [index, workspace] of workspaces.entries()) {
        const ids = (await simulator.seedEndpoints(size)).map(({ id }) => id);
        await workspace.prepare(variants[index] ?? mine, ids);
      }
      const measure = async (what: string, of: (workspace: Workspace) => Promise<number>) => {
        const medians = await inTurns(
          runs,
          workspaces.map((workspace) => () => of(workspace)),
        );
        const cells = medians.map((median) => `${median.toFixed(3)} s`);
        say(`${what}: ${cells.join(", ")}`);
        table[what] = Object.fromEntries(variants.map(({ title }, i) => [title, cells[i] ?? ""]));
      };
      if (size === 1) await measure("providers schema", (workspace) => workspace.schema());
      await measure(`create ${size}`, (workspace) => workspace.create());
      await measure(`rotate ${size}`, (workspace) => workspace.rotate());
    }
    process.stdout.write(`${cli.product} ${cli.version}, Node ${process.versions.node}\n`);
    console.table(table);
  } finally {
    await simulator.close();
    rmSync(base, { recursive: true, force: true });
  }
});
