import { resolve } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { LOCK_FILE } from "../placement/lock-file.js";
import { placePacked } from "../placement/packed-mirror.js";
import type { ProviderPackage } from "../placement/package.js";
import { placeBeside, placeUnpacked, removeFrom } from "../placement/place.js";
import { choosePackages } from "../placement/release-zip.js";
import { here, userMirrors } from "../placement/user-mirror.js";
import { mirrorConfiguration, providerInstallation } from "./cli-configuration.js";
import { configuration } from "./configuration.js";
import { existingFolder, command, UsageError, type Outcome } from "./command.js";
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

const LAYOUTS = ["packed", "unpacked", "both"];

/** Installs the provider: for this user, beside a configuration, or into a mirror. */
export const install = command(
  USAGE,
  {
    into: { type: "string" },
    mirror: { type: "string" },
    layout: { type: "string" },
    from: { type: "string", multiple: true },
    uninstall: { type: "boolean" },
    json: { type: "boolean" },
  },
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
    const packages = choosePackages(from ?? []);
    if (mirror !== undefined) return makeMirror(resolve(mirror), packages, layout);
    if (process.platform === "win32" && from === undefined) {
      throw new Error(
        "On Windows the provider is an executable: download the release's archive for " +
          "windows_amd64, and give it with --from.",
      );
    }
    return into === undefined
      ? installForUser(packages)
      : installBeside(existingFolder(into), packages);
  },
);

type Packages = readonly ProviderPackage[];

/** An outcome with the data that every form of the command gives. */
const outcome = (packages: Packages, folder: string, text: string, data = {}): Outcome => {
  const platforms = packages.flatMap((each) => each.platforms);
  return { ok: true, text, data: { version: packages[0]?.version, folder, platforms, ...data } };
};

function installForUser(packages: Packages): Outcome {
  const [mirror] = userMirrors(here());
  if (mirror === undefined) {
    throw new Error(
      "This user has no home folder to install into: set HOME, or use --into FOLDER.",
    );
  }
  const files = placeUnpacked(mirror, ".", packages);
  const installation = providerInstallation(here());
  const overruledBy =
    installation?.mirrors.includes(mirror) === false ? installation.file : undefined;
  const done = files.some(({ written }) => written) ? "is installed" : "was installed already";
  const text = `${styled("bold", `polyai ${packages[0]?.version ?? ""} ${done} in ${mirror}`)}

Terraform and OpenTofu take this provider from there, and from no registry; all others come from
where they came from before. In a folder of its own, put this into main.tf:

${indented(configuration("whe_9ZtRcXw3nByK5pVqMaEfJs"))}
and run

  export POLYAI_API_KEY=…
  terraform init
  terraform apply

or tofu for terraform. If something does not work: npx terraform-provider-polyai doctor
`;
  if (overruledBy === undefined) return outcome(packages, mirror, text, { files });
  const more = `
${styled("yellow", "But")} ${overruledBy} has a provider_installation block, which overrules your user's plugins.
Let it name them, too:

${indented(mirrorConfiguration(mirror))}`;
  return outcome(packages, mirror, text + more, { files, overruledBy });
}

function installBeside(folder: string, packages: Packages): Outcome {
  placeBeside(folder, packages);
  const what = `${PROVIDER_ADDRESS} ${packages[0]?.version ?? ""}`;
  const text = `${what} is placed in ${folder}. Next: terraform init, or tofu init.\n`;
  return outcome(packages, folder, text);
}

function makeMirror(folder: string, packages: Packages, layout = "packed"): Outcome {
  const files = [
    ...(layout === "packed" ? [] : placeUnpacked(folder, ".", packages)),
    ...(layout === "unpacked" ? [] : placePacked(folder, packages)),
  ];
  const configuration = mirrorConfiguration(folder);
  const platforms = packages.flatMap((each) => each.platforms).join(", ");
  const title = `polyai ${packages[0]?.version ?? ""} is in ${folder}, for ${platforms}`;
  const text = `${styled("bold", title)}

Terraform and OpenTofu take it from there, and every other provider from its registry, with this in
~/.terraformrc or in the file that TF_CLI_CONFIG_FILE names:

${indented(configuration)}`;
  return outcome(packages, folder, text, { layout, files, configuration });
}

function remove(): Outcome {
  const removed = userMirrors(here()).flatMap(removeFrom);
  const text = removed.map((folder) => `Removed ${folder}\n`).join("");
  return { ok: true, text: text || "There is nothing of polyai to remove.\n", data: { removed } };
}
