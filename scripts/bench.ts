/**
 * npm run bench: this build beside others, on this machine, in turns.
 *
 *   npm run bench [-- --against FOLDER] [--runs N]
 *
 * With --against, a clone of the project with another build in dist/; else time_static of
 * hashicorp/time, written in Go.
 */
import { cpSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PROVIDER_ADDRESS } from "../src/facts.js";
import { startSimulator } from "../src/simulator/index.js";
import { succeed } from "../test/support/cli.js";
import { accessTo } from "../test/support/simulator.js";
import { temporaryFolder } from "../test/support/temporary-folder.js";
import { Workspace } from "../test/support/workspace.js";
import { NAME } from "./build.js";
import { findClis } from "./cli.js";
import { goTool } from "./lib/go.js";
import { platform, root } from "./lib/machine.js";
import { main, say } from "./lib/process.js";

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

/** The measures of one variant, in a workspace that is ready for them. Each gives seconds. */
async function measuresOf(variant: Variant, ids: readonly string[], workspace: Workspace) {
  const { address, version, files } = variant.provider;
  const target = join("terraform.d/plugins", address, version, platform().name);
  cpSync(files, join(workspace.folder, target), { recursive: true });
  const text = `terraform {
  required_providers { ${basename(address)} = { source = "${address}" } }
}
variable "size" { default = ${ids.length} }
variable "trigger" { type = string }
${variant.resource}
`;
  workspace.write({ "main.tf": text, "ids.json": JSON.stringify(ids) });
  await workspace.init();
  const seconds = async (args: readonly string[]) => {
    const start = performance.now();
    await succeed(workspace.run(args));
    return (performance.now() - start) / 1000;
  };
  let trigger = 0;
  const rotate = () => seconds(["apply", "-auto-approve", `-var=trigger=${++trigger}`]);
  return {
    /** One start of the plugin and its answer with the schema, and the CLI's own time. */
    schema: () => seconds(["providers", "schema", "-json"]),
    create: () => {
      rmSync(join(workspace.folder, "terraform.tfstate"), { force: true });
      return rotate();
    },
    rotate,
  };
}

type Measures = Awaited<ReturnType<typeof measuresOf>>;

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
  const simulator = await startSimulator();
  try {
    const table: Record<string, Record<string, string>> = {};
    for (const size of SIZES) {
      const measured: Measures[] = [];
      for (const variant of variants) {
        const ids: string[] = [];
        while (ids.length < size) ids.push((await simulator.createEndpoint()).id);
        const workspace = new Workspace(cli, temporaryFolder(), accessTo(simulator));
        measured.push(await measuresOf(variant, ids, workspace));
      }
      const measure = async (what: string, of: (each: Measures) => Promise<number>) => {
        const measures = measured.map((each) => () => of(each));
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
  }
});
