import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { providerInstallation, mirrorConfiguration } from "./cli-configuration.js";
import { EXIT, oneOf, runCommand, writeJson } from "./command.js";
import { here, userMirror, userMirrors } from "./folders.js";
import {
  DEFAULT_RUNTIME,
  placeUnpacked,
  providerFolders,
  providerFor,
  RUNTIMES,
} from "./packages.js";
import { indented, paint } from "./text.js";

const USAGE = `Usage: terraform-provider-polyai install [options]

Puts the provider into your user's plugins, where Terraform and OpenTofu look before they ask a
registry. Run it again after an upgrade of this package; earlier versions stay, for configurations
that are locked to them.

  --runtime RUNTIME  node (default; on Windows, executable): the provider needs Node 20 or later on
                     PATH wherever Terraform runs. executable: it needs nothing, and comes from the
                     installed packages terraform-provider-polyai-linux-x64 and its like
  --uninstall        remove the provider from there, in all versions
  --json             print what was done as JSON
  --help             show this text

Exit codes: 0 it is installed, or removed; 1 it cannot be; 2 the arguments are wrong.
`;

const CONFIGURATION = `terraform {
  required_providers {
    polyai = { source = "${PROVIDER_ADDRESS}" }
  }
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "whe_9ZtRcXw3nByK5pVqMaEfJs" # your endpoint's id
  rotation_trigger = "1"                          # another text here rotates
}
`;

/**
 * Installs the provider for this user.
 *
 * @param argv the arguments after `install`
 * @returns the exit code
 */
export const runInstall = (argv: readonly string[]): Promise<number> =>
  runCommand(
    {
      usage: USAGE,
      options: {
        runtime: { type: "string" },
        uninstall: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
      positionals: 0,
    },
    argv,
    (values) => {
      if (values.uninstall === true) return uninstall(values.json === true);
      return install(
        oneOf("--runtime", RUNTIMES, values.runtime ?? DEFAULT_RUNTIME),
        values.json === true,
      );
    },
  );

function install(runtime: (typeof RUNTIMES)[number], json: boolean): number {
  const surroundings = here();
  const provider = providerFor(runtime);
  const mirror = userMirror(surroundings);
  const placed = placeUnpacked(mirror, provider);
  const overruling = providerInstallation(surroundings);
  const reached = overruling === undefined || overruling.mirrors.includes(mirror);
  if (json) {
    writeJson({
      ok: true,
      version: provider.version,
      runtime,
      folder: mirror,
      platforms: provider.packages.map(({ platform }) => platform),
      files: placed,
      ...(reached ? {} : { overruledBy: overruling.file }),
    });
    return EXIT.ok;
  }
  const { bold, yellow } = paint(process.stdout);
  const changed = placed.some(({ written }) => written);
  process.stdout.write(`${bold(
    `polyai ${provider.version} ${changed ? "is installed" : "was installed already"} in ${mirror}`,
  )}
${indented(providerFolders(mirror).map((folder) => `${join(folder, provider.version)}\n`))}
Terraform and OpenTofu take this provider from there, and from no registry; all others come from
where they came from before. In a folder of its own, put this into main.tf:

${indented(CONFIGURATION)}
and run

${indented("export POLYAI_API_KEY=…\nterraform init\nterraform apply\n")}
or tofu for terraform. If something does not work: terraform-provider-polyai doctor
`);
  if (!reached) {
    process.stdout.write(`
${yellow("But")} ${overruling.file} has a provider_installation block, which overrules your user's plugins.
Let it name them, too:

${indented(mirrorConfiguration(mirror))}`);
  }
  return EXIT.ok;
}

function uninstall(json: boolean): number {
  const removed = userMirrors(here())
    .flatMap((mirror) => providerFolders(mirror).map((folder) => ({ mirror, folder })))
    .filter(({ folder }) => existsSync(folder));
  for (const { mirror, folder } of removed) {
    rmSync(folder, { recursive: true });
    removeEmpty(dirname(folder), dirname(dirname(mirror)));
  }
  const folders = removed.map(({ folder }) => folder);
  if (json) writeJson({ ok: true, removed: folders });
  else if (folders.length === 0) process.stdout.write("There is nothing of polyai to remove.\n");
  else process.stdout.write(folders.map((folder) => `Removed ${folder}\n`).join(""));
  return EXIT.ok;
}

/** Removes a folder, and those around it up to and without `top`, as far as they are empty. */
function removeEmpty(folder: string, top: string): void {
  for (let at = folder; at !== top && readdirSync(at).length === 0; at = dirname(at)) rmdirSync(at);
}
