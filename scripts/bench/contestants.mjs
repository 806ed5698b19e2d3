import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getGoProvider } from "../cli.mjs";
import { executablePath } from "../lib/executable.mjs";
import { hasGo } from "../lib/go.mjs";
import { platform, root } from "../lib/paths.mjs";
import { say } from "../lib/process.mjs";
import { getGoFloor } from "./go-floor.mjs";

const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const GO_PROVIDER = { module: "github.com/hashicorp/terraform-provider-time", version: "0.14.2" };
const NO_GO = "there is no `go` on PATH to build it with";

/**
 * One way to have N resources with a trigger, each.
 *
 * @typedef {{
 *   id: string, title: string, about: string,
 *   plugin?: { source: string, version: string, file: string, path: string },
 *   callsApi: boolean, replaces: boolean, resource: string,
 * }} Contestant
 */

// Bodies of a resource block with `count`; local.ids has the endpoints.
const secret = (type) => `resource "${type}" "it" {
  count            = var.size
  endpoint_id      = local.ids[count.index]
  rotation_trigger = var.trigger
}`;

const ours = (path, exe = "") => ({
  callsApi: true,
  replaces: false,
  resource: secret("polyai_webhook_secret"),
  plugin: {
    source: "registry.terraform.io/polyai/polyai",
    version,
    file: `${name}_v${version}${exe}`,
    path,
  },
});

const makers = {
  node: async () => ({
    title: "polyai, Node",
    about: "this provider as the npm package has it, run by Node",
    ...ours(join(root, "dist/plugin", `${name}_v${version}`)),
  }),
  executable: async () => ({
    title: "polyai, executable",
    about: "this provider as one executable that needs no Node",
    ...ours(await executable(), platform().exe),
  }),
  go: async () => ({
    title: "hashicorp/time",
    about: `time_static of hashicorp/time ${GO_PROVIDER.version}, written in Go, built from the Go module proxy; its changed triggers replace it, and it calls no API`,
    callsApi: false,
    replaces: true,
    resource: `resource "time_static" "it" {
  count    = var.size
  triggers = { it = var.trigger }
}`,
    plugin: {
      source: "registry.terraform.io/hashicorp/time",
      version: GO_PROVIDER.version,
      file: `terraform-provider-time_v${GO_PROVIDER.version}${platform().exe}`,
      path: await built(() => getGoProvider(GO_PROVIDER.module, GO_PROVIDER.version)),
    },
  }),
  "go-floor": async () => ({
    title: "Go no-op plugin",
    about:
      "a provider of about 150 lines in Go (scripts/bench/go-floor) with the attributes of polyai_webhook_secret, which updates in place, does nothing and calls no API: what any plugin costs",
    callsApi: false,
    replaces: false,
    resource: secret("floor_webhook_secret"),
    plugin: {
      source: "registry.terraform.io/polyai/floor",
      version: "0.0.1",
      file: `terraform-provider-floor_v0.0.1${platform().exe}`,
      path: await built(getGoFloor),
    },
  }),
  floor: async () => ({
    title: "terraform_data",
    about:
      "the CLI's own terraform_data, which runs in its process with no plugin; changed triggers replace it",
    callsApi: false,
    replaces: true,
    resource: `resource "terraform_data" "it" {
  count            = var.size
  triggers_replace = var.trigger
}`,
  }),
};

/**
 * The contestants that are wanted, and a sentence for each that cannot be had here.
 *
 * @param {string[]} ids
 * @returns {Promise<{ contestants: Contestant[], missing: string[] }>}
 */
export async function getContestants(ids) {
  const contestants = [];
  const missing = [];
  for (const id of ids) {
    try {
      contestants.push({ id, ...(await makers[id]()) });
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      missing.push(`${id} is left out: ${error.message}.`);
    }
  }
  return { contestants, missing };
}

class NotHere extends Error {}

async function built(build) {
  if (!hasGo()) throw new NotHere(NO_GO);
  return build();
}

async function executable() {
  try {
    return await executablePath();
  } catch (error) {
    // Apart from the reason that is kept: it may name folders of this machine.
    say(error.message);
    throw new NotHere("it cannot be built here");
  }
}
