/**
 * npm run bench: this build beside others, on this machine, in turns.
 *
 *   npm run bench [-- --against FOLDER] [--runs N]
 *
 * With --against, a clone of the project with another build in dist/; else time_static of
 * hashicorp/time, written in Go.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PROVIDER_ADDRESS } from "../src/facts.js";
import { startSimulator, type Simulator } from "../src/simulator/index.js";
import { NAME } from "./build.js";
import { findClis, type Cli } from "./cli.js";
import { goTool } from "./lib/go.js";
import { platform, root } from "./lib/machine.js";
import { main, run, say } from "./lib/process.js";

const SIZES = [1, 10, 100];

interface Variant {
  readonly title: string;
  /** The provider to place beside the configuration. */
  readonly provider: {
    readonly address: string;
    readonly version: string;
    readonly files: string;
  };
  /** A resource with `count`. */
  readonly resource: string;
}

function ours(title: string, clone: string): Variant {
  const files = join(clone, "dist/plugin");
  const launcher = readdirSync(files).find((file) => file.startsWith(`${NAME}_v`)) ?? "";
  const version = launcher.slice(`${NAME}_v`.length);
  return {
    title,
    provider: { address: PROVIDER_ADDRESS, version, files },
    resource: `resource "polyai_webhook_secret" "it" {
  count            = var.size
  endpoint_id      = jsondecode(file("ids.json"))[count.index]
  rotation_trigger = var.trigger
}`,
  };
}

function time(): Variant {
  const [name, version] = ["terraform-provider-time", "0.14.2"];
  const file = goTool(`${name}_v${version}`, { module: `github.com/hashicorp/${name}`, version });
  return {
    title: "hashicorp/time",
    provider: { address: "registry.terraform.io/hashicorp/time", version, files: dirname(file) },
    resource: `resource "time_static" "it" {
  count    = var.size
  triggers = { it = var.trigger }
}`,
  };
}

/** The measurements in a folder with the configuration of one variant. Each gives seconds. */
async function workspace(
  folder: string,
  { provider, resource }: Variant,
  ids: readonly string[],
  cli: Cli,
  simulator: Simulator,
) {
  mkdirSync(folder, { recursive: true });
  const { address, version, files } = provider;
  const target = join(folder, "terraform.d/plugins", address, version, platform().name);
  cpSync(files, target, { recursive: true });
  const text = `terraform {
  required_providers { ${basename(address)} = { source = "${address}" } }
}
variable "size" { default = ${ids.length} }
variable "trigger" { type = string }
${resource}
`;
  writeFileSync(join(folder, "main.tf"), text);
  writeFileSync(join(folder, "ids.json"), JSON.stringify(ids));
  // NODE_EXTRA_CA_CERTS, if it is set, slows every start of Node down; it is left out here.
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    CHECKPOINT_DISABLE: "1",
    POLYAI_API_KEY: simulator.apiKey,
    POLYAI_BASE_URL: simulator.url,
  };
  const seconds = async (...args: string[]) => {
    const start = performance.now();
    await run(cli.path, args, { cwd: folder, env });
    return (performance.now() - start) / 1000;
  };
  await seconds("init", "-input=false");
  let trigger = 0;
  const rotate = () =>
    seconds("apply", "-auto-approve", "-input=false", `-var=trigger=${++trigger}`);
  return {
    /** One start of the plugin and its answer with the schema, and the CLI's own time. */
    schema: () => seconds("providers", "schema", "-json"),
    create: () => {
      rmSync(join(folder, "terraform.tfstate"), { force: true });
      return rotate();
    },
    rotate,
  };
}

type Workspace = Awaited<ReturnType<typeof workspace>>;

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
  const { against } = values;
  const variants = [mine, against ? ours("the other build", resolve(against)) : time()];
  const base = mkdtempSync(join(tmpdir(), "polyai-bench-"));
  const simulator = await startSimulator();
  try {
    const table: Record<string, Record<string, string>> = {};
    for (const size of SIZES) {
      const workspaces: Workspace[] = [];
      for (const [index, variant] of variants.entries()) {
        const ids: string[] = [];
        while (ids.length < size) ids.push((await simulator.createEndpoint()).id);
        const folder = join(base, `${index}-${size}`);
        workspaces.push(await workspace(folder, variant, ids, cli, simulator));
      }
      const measure = async (what: string, of: (workspace: Workspace) => Promise<number>) => {
        const measures = workspaces.map((each) => () => of(each));
        const medians = await inTurns(runs, measures);
        const cells = medians.map((median) => `${median.toFixed(3)} s`);
        say(`${what}: ${cells.join(", ")}`);
        table[what] = Object.fromEntries(variants.map(({ title }, i) => [title, cells[i] ?? ""]));
      };
      if (size === 1) await measure("providers schema", (each) => each.schema());
      await measure(`create ${size}`, (each) => each.create());
      await measure(`rotate ${size}`, (each) => each.rotate());
    }
    process.stdout.write(`${cli.product} ${cli.version}, Node ${process.versions.node}\n`);
    console.table(table);
  } finally {
    await simulator.close();
    rmSync(base, { recursive: true, force: true });
  }
});
