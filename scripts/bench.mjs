// npm run bench: how the provider compares with a Go provider and with terraform_data, measured
// beside each other on this machine.
//
//   npm run bench [-- --check]     with --check, exit code 1 where a ratio is over its limit
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { measureStart } from "./bench/plugin-start.mjs";
import { getGoProvider } from "./cli.mjs";
import { localCache, platform, root } from "./lib/paths.mjs";
import { main, run, step } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

const GO_PROVIDER = { module: "github.com/hashicorp/terraform-provider-time", version: "0.14.2" };
const require = createRequire(import.meta.url);
const { name, version } = require("../package.json");

const plugin = join(root, "dist/plugin", `${name}_v${version}`);

class Bench {
  constructor(cli, folder, simulator, peer) {
    Object.assign(this, { cli, folder, simulator, peer });
  }

  async starts() {
    const host = await hostCertificate();
    const [ours, theirs] = await alternate(
      20,
      async () => (await measureStart(plugin, host)).schema,
      async () => (await measureStart(this.peer, host)).schema,
    );
    return { what: "start to first schema", ours, theirs, against: "hashicorp/time", limit: 2.1 };
  }

  async applyOne() {
    const { id } = await this.simulator.createEndpoint();
    const ours = await this.workspace(
      "one-secret",
      `resource "polyai_webhook_secret" "it" { endpoint_id = "${id}" }`,
    );
    const theirs = await this.workspace("one-time", `resource "time_static" "it" {}`);
    const fresh = (workspace) => async () => {
      rmSync(join(workspace, "terraform.tfstate"), { force: true });
      return this.apply(workspace);
    };
    const [a, b] = await alternate(10, fresh(ours), fresh(theirs));
    return { what: "apply of one", ours: a, theirs: b, against: "time_static", limit: 1.8 };
  }

  async rotateHundred() {
    const endpoints = await this.simulator.seedEndpoints(100);
    const ours = await this.workspace(
      "hundred-secrets",
      `variable "trigger" {}
       locals { ids = ${JSON.stringify(endpoints.map(({ id }) => id))} }
       resource "polyai_webhook_secret" "it" {
         count            = 100
         endpoint_id      = local.ids[count.index]
         rotation_trigger = var.trigger
       }`,
    );
    const theirs = await this.workspace(
      "hundred-data",
      `variable "trigger" {}
       resource "terraform_data" "it" {
         count            = 100
         triggers_replace = var.trigger
       }`,
    );
    let trigger = 0;
    const rotate = (workspace) => () => this.apply(workspace, `-var=trigger=${trigger++}`);
    const [a, b] = await alternate(4, rotate(ours), rotate(theirs));
    return { what: "rotation of 100", ours: a, theirs: b, against: "terraform_data", limit: 2.2 };
  }

  async workspace(label, hcl) {
    const folder = join(this.folder, label);
    const { name: platformName, exe } = platform();
    const place = (address, of, file, target) => {
      const path = join(
        folder,
        "terraform.d/plugins/registry.terraform.io",
        address,
        of,
        platformName,
        target,
      );
      mkdirSync(dirname(path), { recursive: true });
      copyFileSync(file, path);
    };
    place("polyai/polyai", version, plugin, `${name}_v${version}`);
    place(
      "hashicorp/time",
      GO_PROVIDER.version,
      this.peer,
      `terraform-provider-time_v${GO_PROVIDER.version}${exe}`,
    );
    const uses = (what) => new RegExp(`"${what}_`).test(hcl);
    const required = [
      uses("polyai") && 'polyai = { source = "registry.terraform.io/polyai/polyai" }',
      uses("time") && 'time = { source = "registry.terraform.io/hashicorp/time" }',
    ].filter(Boolean);
    writeFileSync(
      join(folder, "main.tf"),
      `terraform {\n  required_providers {\n    ${required.join("\n    ")}\n  }\n}\n${hcl}\n`,
    );
    writeFileSync(join(folder, "cli.tfrc"), "");
    await this.terraform(folder, "init", "-input=false");
    return folder;
  }

  async apply(workspace, ...args) {
    const begin = performance.now();
    await this.terraform(workspace, "apply", "-auto-approve", "-input=false", ...args);
    return performance.now() - begin;
  }

  terraform(cwd, ...args) {
    // NODE_EXTRA_CA_CERTS, where it is set, slows every start of node down; it is left out here.
    const env = {
      PATH: process.env.PATH,
      HOME: cwd,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: join(cwd, "cli.tfrc"),
      TF_IN_AUTOMATION: "1",
      POLYAI_API_KEY: this.simulator.apiKey,
      POLYAI_BASE_URL: this.simulator.url,
    };
    return run(this.cli.path, args, { cwd, env });
  }
}

// One after the other in turn, so that whatever else the machine does hits both alike. The first of
// each only warms the caches.
async function alternate(times, ...measures) {
  const samples = measures.map(() => []);
  for (let turn = 0; turn <= times; turn++) {
    for (const [index, measure] of measures.entries()) {
      const took = await measure();
      if (turn > 0) samples[index].push(took);
    }
  }
  return samples.map(median);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The provider's own code makes the host's certificate, too.
async function hostCertificate() {
  const { build } = await import("esbuild");
  const outfile = join(localCache, "bench-certificate.cjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["src/plugin/protocol/certificate.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "warning",
  });
  return require(outfile).createCertificate();
}

await main(async () => {
  const { cli } = await setup();
  const peer = await getGoProvider(GO_PROVIDER.module, GO_PROVIDER.version);
  const folder = mkdtempSync(join(tmpdir(), "polyai-bench-"));
  const simulator = await require("../dist/simulator/index.js").startSimulator();
  try {
    const bench = new Bench(cli, folder, simulator, peer);
    const rows = [
      await step("Measuring starts, 20 of each", () => bench.starts()),
      await step("Measuring the apply of one resource, 10 of each", () => bench.applyOne()),
      await step("Measuring 100 rotations, 4 of each", () => bench.rotateHundred()),
    ];
    console.log(`\n${cli.product} ${cli.version}, Node ${process.versions.node}; medians\n`);
    console.table(
      rows.map(({ what, ours, theirs, against, limit }) => ({
        what,
        "ours (ms)": Math.round(ours),
        against,
        "theirs (ms)": Math.round(theirs),
        ratio: Number((ours / theirs).toFixed(2)),
        limit,
      })),
    );
    const over = rows.filter(({ ours, theirs, limit }) => ours / theirs > limit);
    return process.argv.includes("--check") && over.length > 0 ? 1 : 0;
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
