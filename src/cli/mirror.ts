import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isProgram } from "../placement/bundled-plugin.js";
import { placeContent, type Placed } from "../placement/place-files.js";
import { mirrorConfiguration } from "./cli-configuration.js";
import { EXIT, oneOf, runCommand, UsageError, writeJson } from "./command.js";
import {
  DEFAULT_RUNTIME,
  placeUnpacked,
  providerFolders,
  providerFor,
  RUNTIMES,
  type Provider,
  type ProviderPackage,
} from "./packages.js";
import { indented, paint } from "./text.js";
import { zip } from "./zip.js";

const LAYOUTS = ["packed", "unpacked", "both"] as const;

const USAGE = `Usage: terraform-provider-polyai mirror DIR [options]

Puts the provider into DIR as a filesystem mirror, for every platform at once, and prints the CLI
configuration that takes it from there. What else is in DIR stays.

  --layout LAYOUT    packed (default): one zip archive for each platform, with the index that DIR
                     needs to be a network mirror as well, as terraform providers mirror makes it.
                     unpacked: a folder for each platform, from which Terraform links instead of
                     unpacking. both
  --runtime RUNTIME  node (default; on Windows, executable): the provider needs Node 20 or later on
                     PATH wherever Terraform runs, and is for Linux and macOS. executable: it needs
                     nothing, and comes from the installed packages
                     terraform-provider-polyai-linux-x64 and its like, one for each platform
  --json             print what was done as JSON
  --help             show this text

Exit codes: 0 the mirror is made; 1 it cannot be; 2 the arguments are wrong.
`;

/**
 * Makes a filesystem mirror.
 *
 * @param argv the arguments after `mirror`
 * @returns the exit code
 */
export const runMirror = (argv: readonly string[]): Promise<number> =>
  runCommand(
    {
      usage: USAGE,
      options: {
        layout: { type: "string", default: "packed" },
        runtime: { type: "string", default: DEFAULT_RUNTIME },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
      positionals: 1,
    },
    argv,
    (values, [folder]) => {
      if (folder === undefined) throw new UsageError("It takes a folder.");
      const layout = oneOf("--layout", LAYOUTS, values.layout);
      const provider = providerFor(oneOf("--runtime", RUNTIMES, values.runtime));
      const mirror = resolve(folder);
      const files = [
        ...(layout === "packed" ? [] : placeUnpacked(mirror, provider)),
        ...(layout === "unpacked" ? [] : placePacked(mirror, provider)),
      ];
      tell(mirror, layout, provider, files, values.json === true);
      return EXIT.ok;
    },
  );

function tell(
  folder: string,
  layout: string,
  { version, runtime, packages }: Provider,
  files: readonly Placed[],
  json: boolean,
): void {
  const configuration = mirrorConfiguration(folder);
  const platforms = packages.map(({ platform }) => platform);
  if (json) {
    writeJson({ ok: true, version, runtime, folder, layout, platforms, files, configuration });
    return;
  }
  const { bold } = paint(process.stdout);
  process.stdout.write(`${bold(`polyai ${version} is in ${folder}, for ${platforms.join(", ")}`)}
${indented([...new Set(files.map(({ path }) => dirname(path)))].map((each) => `${each}\n`))}
Terraform and OpenTofu take it from there, and every other provider from its registry, with this in
~/.terraformrc or in the file that TF_CLI_CONFIG_FILE names:

${indented(configuration)}`);
}

/** The packed layout, and beside it what a network mirror's clients ask for. */
function placePacked(mirror: string, { version, packages }: Provider): readonly Placed[] {
  const nameFor = (platform: string) => `terraform-provider-polyai_${version}_${platform}.zip`;
  const archives = Object.fromEntries(
    packages.map(({ platform, hash }) => [platform, { hashes: [hash], url: nameFor(platform) }]),
  );
  const folders = providerFolders(mirror);
  // Those for Node differ in name alone, and packing an executable takes seconds.
  const different = packages.filter(
    ({ hash }, index) => packages.findIndex((each) => each.hash === hash) === index,
  );
  return [
    ...different.flatMap((one) => {
      const same = packages.filter(({ hash }) => hash === one.hash);
      const names = same.map(({ platform }) => nameFor(platform));
      return placeContent(
        archiveOf(one),
        ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
      );
    }),
    ...placeContent(
      json({ archives }),
      ...folders.map((folder) => join(folder, `${version}.json`)),
    ),
    ...folders.flatMap((folder) => {
      const versions = { ...versionsIn(folder), [version]: {} };
      return placeContent(json({ versions }), join(folder, "index.json"));
    }),
  ];
}

const archiveOf = ({ folder, files }: ProviderPackage): Buffer =>
  zip(
    files.map((name) => ({
      name,
      content: readFileSync(join(folder, name)),
      executable: isProgram(name),
    })),
  );

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Those that the mirror has already. */
function versionsIn(folder: string): object {
  const file = join(folder, "index.json");
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, "utf8")) as { versions?: object }).versions ?? {};
}
