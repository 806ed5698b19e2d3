/** The programs that rotate: Terraform or OpenTofu in a folder with HCL, and `cdktf deploy`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Simulator } from "../../src/simulator/index.js";
import { type Cli, example, ROOT, type Running, start, succeed } from "../support/cli.js";
import { accessTo } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { placeSink } from "../support/test-provider.js";
import { PROVIDER_ADDRESS, Workspace } from "../support/workspace.js";
import type { Outputs, Way } from "./ways.js";

export interface Rotator {
  readonly folder: string;
  /** Rotates, if the trigger is another than last time. */
  apply(trigger: string): Running;
  outputs(): Promise<Outputs>;
}

type Api = Pick<Simulator, "apiKey" | "url">;

const VERSIONS = `
terraform {
  required_providers {
    polyai = { source = "${PROVIDER_ADDRESS}" }
    sink   = { source = "registry.terraform.io/test/sink" }
  }
}

provider "sink" {
  folder = path.root
}

variable "trigger" {
  type = string
}
`;

export async function terraform(cli: Cli, api: Api, way: Way, endpoint: string): Promise<Rotator> {
  const secret = `
resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "${endpoint}"
  rotation_trigger = var.trigger
  ${way.args ?? ""}
}
`;
  const files = { "versions.tf": VERSIONS, "main.tf": secret + way.hcl };
  const workspace = Workspace.make(cli, files, accessTo(api));
  placeSink(workspace.folder);
  await workspace.init();
  return {
    folder: workspace.folder,
    apply: (trigger) =>
      workspace.start(["apply", "-input=false", "-no-color", "-auto-approve"], {
        env: { TF_VAR_trigger: trigger },
      }),
    outputs: () => workspace.outputs() as Promise<Outputs>,
  };
}

/** examples/quick-start, by CDKTF's own command. */
export function cdktf(cli: Cli, api: Api, endpoint: string): Rotator {
  const cwd = temporaryFolder();
  const name = "quick-start";
  const settings = JSON.parse(example(`${name}/cdktf.json`)) as object;
  const app = `node ${join(ROOT, "examples/run.mjs")} ${name}`;
  writeFileSync(join(cwd, "cdktf.json"), JSON.stringify({ ...settings, app }));
  writeFileSync(join(cwd, "cli.tfrc"), "");
  const env = {
    ...accessTo(api),
    CI: "true",
    // CDKTF's plugin cache is the whole machine's; the plugin is placed beside the stack anyway.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    TERRAFORM_BINARY_NAME: cli.path,
    TF_CLI_CONFIG_FILE: join(cwd, "cli.tfrc"),
    POLYAI_ENDPOINT_ID: endpoint,
  };
  const command = join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf.js");
  return {
    folder: cwd,
    apply: (trigger) =>
      start({ ...cli, path: process.execPath }, [command, "deploy", "--auto-approve", name], {
        cwd,
        env: { ...env, ROTATION_TRIGGER: trigger },
      }),
    async outputs() {
      const stack = { cwd: join(cwd, "cdktf.out/stacks", name), env };
      const { stdout } = await succeed(start(cli, ["output", "-json"], stack).result);
      const outputs = JSON.parse(stdout) as Record<string, { value: string }>;
      return { signing_secret: outputs.AlertsSecret_signing_secret?.value };
    },
  };
}
