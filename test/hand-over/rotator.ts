/** The programs that rotate: Terraform or OpenTofu in a folder with HCL, and `cdktf deploy`. */
import { join } from "node:path";
import type { Simulator } from "../../src/simulator/index.js";
import { example, ROOT, start, succeed, type Cli, type Running } from "../support/cli.js";
import { accessTo } from "../support/simulator.js";
import { placeSink } from "../support/test-provider.js";
import { PROVIDER_ADDRESS, Workspace } from "../support/workspace.js";
import type { Way } from "./ways.js";

export type Program = "HCL" | "cdktf";

interface Rotator {
  readonly folder: string;
  /** Rotates, if the trigger is another than last time. */
  apply(trigger: string): Running;
  outputs(): Promise<Readonly<Record<string, string | undefined>>>;
}

interface Target {
  readonly endpoint: string;
  readonly api: Pick<Simulator, "apiKey" | "url">;
}

export const rotatorFor = (program: Program, cli: Cli, way: Way, target: Target) =>
  program === "cdktf" ? cdktf(cli, target) : terraform(cli, way, target);

async function terraform(cli: Cli, way: Way, { endpoint, api }: Target): Promise<Rotator> {
  const versions = `
terraform {
  required_providers {
    polyai = { source = "${PROVIDER_ADDRESS}" }
    sink   = { source = "registry.terraform.io/test/sink" }
  }
}

provider "sink" {
  folder = path.root
}
`;
  const secret = `
variable "trigger" {}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "${endpoint}"
  rotation_trigger = var.trigger
  ${way.args ?? ""}
}
`;
  const files = { "versions.tf": versions, "main.tf": secret + way.hcl };
  const workspace = Workspace.make(cli, files, accessTo(api));
  placeSink(workspace.folder);
  await workspace.init();
  const { folder } = workspace;
  const args = ["apply", "-input=false", "-no-color", "-auto-approve"];
  return {
    folder,
    apply: (trigger) => workspace.start(args, { env: { TF_VAR_trigger: trigger } }),
    outputs: () => workspace.outputs() as ReturnType<Rotator["outputs"]>,
  };
}

/** examples/quick-start, by CDKTF's own command. */
async function cdktf(cli: Cli, { endpoint, api }: Target): Promise<Rotator> {
  const name = "quick-start";
  const settings = JSON.parse(example(`${name}/cdktf.json`)) as object;
  const app = `node ${join(ROOT, "examples/run.mjs")} ${name}`;
  const { folder: cwd } = Workspace.make(cli, {
    "cdktf.json": JSON.stringify({ ...settings, app }),
  });
  const env = {
    ...accessTo(api),
    CI: "true",
    // CDKTF's plugin cache is the whole machine's; the plugin is placed beside the stack anyway.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    TERRAFORM_BINARY_NAME: cli.path,
    // Otherwise it is looked for in the stack's folder.
    TF_CLI_CONFIG_FILE: join(cwd, "home/cli.tfrc"),
    POLYAI_ENDPOINT_ID: endpoint,
  };
  const node = { ...cli, path: process.execPath };
  const command = join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf.js");
  return {
    folder: cwd,
    apply: (ROTATION_TRIGGER) =>
      start(node, [command, "deploy", "--auto-approve", name], {
        cwd,
        env: { ...env, ROTATION_TRIGGER },
      }),
    async outputs() {
      const stack = { cwd: join(cwd, "cdktf.out/stacks", name), env };
      const { stdout } = await succeed(start(cli, ["output", "-json"], stack).result);
      const outputs = JSON.parse(stdout) as Record<string, { value: string }>;
      return { signing_secret: outputs.AlertsSecret_signing_secret?.value };
    },
  };
}
