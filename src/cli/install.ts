import { rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { choosePackages } from "../placement/choose.js";
import { placePacked } from "../placement/packed-mirror.js";
import { ADDRESSES, type ProviderPackage } from "../placement/package.js";
import { LOCK_FILE, placeBeside, placeUnpacked, removeFrom } from "../placement/place.js";
import type { Placed } from "../placement/real-files.js";
import { mirrorConfiguration, providerInstallation } from "./cli-configuration.js";
import { EXIT, Problem, runCommand, UsageError, writeJson } from "./command.js";
import { here, userMirror, userMirrors } from "./folders.js";
import { indented, paint } from "./text.js";

const USAGE = `Usage: terraform-provider-polyai install [options]

Puts the provider into your user's plugins, where Terraform and OpenTofu look before they ask a
registry. Run it again after an upgrade of this package; earlier versions stay, for configurations
that are locked to them. The provider needs Node 20 or later on PATH wherever Terraform runs.

  --into FOLDER    instead, put it into FOLDER/terraform.d/plugins, beside the .tf files, and its
                   hash into FOLDER/${LOCK_FILE}
  --mirror DIR     instead, make DIR a filesystem mirror of it, for machines without a network, and
                   print the CLI configuration that takes it from there. What else is in DIR stays
  --layout LAYOUT  of the mirror. packed (default): one zip archive for each platform, with the
                   index of a network mirror. unpacked: a folder for each platform, to which the CLI
                   links. both
  --from ZIP       take the executable in this archive of the release, which needs no Node. May be
                   repeated, for several platforms
  --uninstall      remove the provider from your user's plugins, in all versions
  --json           print what was done as JSON
  --help           show this text

Exit codes: 0 it is done; 1 it cannot be; 2 the arguments are wrong.
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

const LAYOUTS = ["packed", "unpacked", "both"];

/**
 * Installs the provider: for this user, beside a configuration, or into a mirror.
 *
 * @param argv the arguments after `install`
 * @returns the exit code
 */
export const runInstall = (argv: readonly string[]): Promise<number> =>
  runCommand(
    {
      usage: USAGE,
      options: {
        into: { type: "string" },
        mirror: { type: "string" },
        layout: { type: "string" },
        from: { type: "string", multiple: true },
        uninstall: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
      positionals: 0,
    },
    argv,
    ({ into, mirror, layout, from, uninstall, json = false }) => {
      const [one, other] = Object.entries({ into, mirror, uninstall }).flatMap(([name, value]) =>
        value === undefined ? [] : [`--${name}`],
      );
      if (other !== undefined)
        throw new UsageError(`${String(one)} and ${other} exclude each other.`);
      if (layout !== undefined && (mirror === undefined || !LAYOUTS.includes(layout))) {
        throw new UsageError(`--layout goes with --mirror, and takes ${LAYOUTS.join(", ")}.`);
      }
      if (uninstall === true) return remove(json);
      const packages = choosePackages((from ?? []).map((file) => resolve(file)));
      if (mirror !== undefined) return makeMirror(resolve(mirror), layout, packages, json);
      if (process.platform === "win32" && from === undefined) {
        throw new Problem(
          "On Windows the provider is an executable: download the release's archive for " +
            "windows_amd64, and give it with --from.",
        );
      }
      return into === undefined
        ? installForUser(packages, json)
        : installBeside(resolve(into), packages, json);
    },
  );

/** The part of its report that every form has. */
const about = (packages: readonly ProviderPackage[], folder: string) => ({
  version: packages[0]?.version ?? "",
  folder,
  platforms: packages.flatMap(({ platforms }) => platforms),
});

function installForUser(packages: readonly ProviderPackage[], json: boolean): number {
  const mirror = userMirror(here());
  const files = placeUnpacked(mirror, ".", packages);
  const overruling = providerInstallation(here());
  const reached = overruling === undefined || overruling.mirrors.includes(mirror);
  const { version, ...rest } = about(packages, mirror);
  if (json) {
    const overruledBy = reached ? {} : { overruledBy: overruling.file };
    writeJson({ ok: true, version, ...rest, files, ...overruledBy });
    return EXIT.ok;
  }
  const { bold, yellow } = paint(process.stdout);
  const changed = files.some(({ written }) => written);
  process.stdout.write(`${bold(
    `polyai ${version} ${changed ? "is installed" : "was installed already"} in ${mirror}`,
  )}
${indented(ADDRESSES.map((address) => `${join(mirror, address, version)}\n`))}
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

function installBeside(
  folder: string,
  packages: readonly ProviderPackage[],
  json: boolean,
): number {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Problem(`There is no folder ${folder}.`);
  }
  placeBeside(folder, packages);
  const { version, ...rest } = about(packages, folder);
  if (json) writeJson({ ok: true, version, ...rest });
  else {
    process.stdout.write(
      `${PROVIDER_ADDRESS} ${version} is placed in ${folder}. Next: terraform init, or tofu init.\n`,
    );
  }
  return EXIT.ok;
}

function makeMirror(
  folder: string,
  layout = "packed",
  packages: readonly ProviderPackage[],
  json: boolean,
): number {
  const files: readonly Placed[] = [
    ...(layout === "packed" ? [] : placeUnpacked(folder, ".", packages)),
    ...(layout === "unpacked" ? [] : placePacked(folder, packages)),
  ];
  const configuration = mirrorConfiguration(folder);
  const { version, platforms } = about(packages, folder);
  if (json) {
    writeJson({ ok: true, version, folder, layout, platforms, files, configuration });
    return EXIT.ok;
  }
  const { bold } = paint(process.stdout);
  const folders = new Set(files.map(({ path }) => `${dirname(path)}\n`));
  process.stdout.write(`${bold(`polyai ${version} is in ${folder}, for ${platforms.join(", ")}`)}
${indented([...folders])}
Terraform and OpenTofu take it from there, and every other provider from its registry, with this in
~/.terraformrc or in the file that TF_CLI_CONFIG_FILE names:

${indented(configuration)}`);
  return EXIT.ok;
}

function remove(json: boolean): number {
  const removed = userMirrors(here()).flatMap((mirror) => {
    const folders = removeFrom(mirror);
    if (folders.length > 0) removeEmpty(mirror, dirname(mirror));
    return folders;
  });
  if (json) writeJson({ ok: true, removed });
  else if (removed.length === 0) process.stdout.write("There is nothing of polyai to remove.\n");
  else process.stdout.write(removed.map((folder) => `Removed ${folder}\n`).join(""));
  return EXIT.ok;
}

/** Removes these folders in their order, as far as they are empty. */
function removeEmpty(...folders: readonly string[]): void {
  try {
    for (const folder of folders) rmdirSync(folder);
  } catch {
    // Something else is in it.
  }
}
