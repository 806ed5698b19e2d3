import { rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { choosePackages } from "../placement/choose.js";
import { placePacked } from "../placement/packed-mirror.js";
import { ADDRESSES, type ProviderPackage } from "../placement/package.js";
import { LOCK_FILE, placeBeside, placeUnpacked, removeFrom } from "../placement/place.js";
import { mirrorConfiguration, providerInstallation } from "./cli-configuration.js";
import { runCommand, UsageError, type Outcome } from "./command.js";
import { here, userMirror, userMirrors } from "./folders.js";
import { indented, styled } from "./text.js";

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
    },
    argv,
    ({ into, mirror, layout, from, uninstall }) => {
      const [one, other] = Object.entries({ into, mirror, uninstall }).flatMap(([name, value]) =>
        value === undefined ? [] : [`--${name}`],
      );
      if (other !== undefined) {
        throw new UsageError(`${String(one)} and ${other} exclude each other.`);
      }
      if (layout !== undefined && (mirror === undefined || !LAYOUTS.includes(layout))) {
        throw new UsageError(`--layout goes with --mirror, and takes ${LAYOUTS.join(", ")}.`);
      }
      if (uninstall === true) return remove();
      const packages = choosePackages((from ?? []).map((file) => resolve(file)));
      if (mirror !== undefined) return makeMirror(resolve(mirror), packages, layout);
      if (process.platform === "win32" && from === undefined) {
        throw new Error(
          "On Windows the provider is an executable: download the release's archive for " +
            "windows_amd64, and give it with --from.",
        );
      }
      return into === undefined ? installForUser(packages) : installBeside(resolve(into), packages);
    },
  );

/** The data that every form of the command gives. */
const about = (packages: readonly ProviderPackage[], folder: string) => ({
  version: packages[0]?.version ?? "",
  folder,
  platforms: packages.flatMap(({ platforms }) => platforms),
});

function installForUser(packages: readonly ProviderPackage[]): Outcome {
  const mirror = userMirror(here());
  const files = placeUnpacked(mirror, ".", packages);
  const installation = providerInstallation(here());
  const overruledBy = installation?.mirrors.includes(mirror) === false ? installation.file : "";
  const data = about(packages, mirror);
  const done = files.some(({ written }) => written) ? "is installed" : "was installed already";
  const text = `${styled("bold", `polyai ${data.version} ${done} in ${mirror}`)}

${indented(ADDRESSES.map((address) => `${join(mirror, address, data.version)}\n`).join(""))}
Terraform and OpenTofu take this provider from there, and from no registry; all others come from
where they came from before. In a folder of its own, put this into main.tf:

${indented(CONFIGURATION)}
and run

  export POLYAI_API_KEY=…
  terraform init
  terraform apply

or tofu for terraform. If something does not work: terraform-provider-polyai doctor
`;
  if (overruledBy === "") return { ok: true, text, data: { ...data, files } };
  const more = `
${styled("yellow", "But")} ${overruledBy} has a provider_installation block, which overrules your user's plugins.
Let it name them, too:

${indented(mirrorConfiguration(mirror))}`;
  return { ok: true, text: text + more, data: { ...data, files, overruledBy } };
}

function installBeside(folder: string, packages: readonly ProviderPackage[]): Outcome {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(`There is no folder ${folder}.`);
  }
  placeBeside(folder, packages);
  const data = about(packages, folder);
  const text = `${PROVIDER_ADDRESS} ${data.version} is placed in ${folder}. Next: terraform init, or tofu init.\n`;
  return { ok: true, text, data };
}

function makeMirror(
  folder: string,
  packages: readonly ProviderPackage[],
  layout = "packed",
): Outcome {
  const files = [
    ...(layout === "packed" ? [] : placeUnpacked(folder, ".", packages)),
    ...(layout === "unpacked" ? [] : placePacked(folder, packages)),
  ];
  const configuration = mirrorConfiguration(folder);
  const data = about(packages, folder);
  const folders = new Set(files.map(({ path }) => `${dirname(path)}\n`));
  const title = `polyai ${data.version} is in ${folder}, for ${data.platforms.join(", ")}`;
  const text = `${styled("bold", title)}

${indented([...folders].join(""))}
Terraform and OpenTofu take it from there, and every other provider from its registry, with this in
~/.terraformrc or in the file that TF_CLI_CONFIG_FILE names:

${indented(configuration)}`;
  return { ok: true, text, data: { ...data, layout, files, configuration } };
}

function remove(): Outcome {
  const removed = userMirrors(here()).flatMap((mirror) => {
    const folders = removeFrom(mirror);
    if (folders.length > 0) removeEmpty(mirror, dirname(mirror));
    return folders;
  });
  const text = removed.map((folder) => `Removed ${folder}\n`).join("");
  return { ok: true, text: text || "There is nothing of polyai to remove.\n", data: { removed } };
}

/** Removes these folders in their order, as far as they are empty. */
function removeEmpty(...folders: readonly string[]): void {
  try {
    for (const folder of folders) rmdirSync(folder);
  } catch {
    // Something else is in it.
  }
}
