/** The programs that rotate: Terraform or OpenTofu in a folder with HCL, and `cdktf deploy`. */
import type { Simulator } from "../../src/simulator/index.js";
import { cdktfProgram } from "../support/cdktf-program.js";
import type { Cli, Running } from "../support/cli.js";
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
function cdktf(cli: Cli, { endpoint, api }: Target): Rotator {
  const env = { ...accessTo(api), POLYAI_ENDPOINT_ID: endpoint };
  const program = cdktfProgram(cli, "quick-start", env);
  return {
    folder: program.folder,
    apply: (trigger) => program.start(trigger, "deploy", "--auto-approve"),
    outputs: async () => ({ signing_secret: (await program.outputs()).secret }),
  };
}
