import { statSync } from "node:fs";
import { resolve } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";
import { bundledPlugin } from "../placement/bundled-plugin.js";
import { installedExecutables } from "../placement/executable-packages.js";
import { LOCK_FILE, placeExecutables, placePlugin } from "../placement/plugin-placement.js";
import { EXIT, oneOf, Problem, runCommand, writeJson } from "./command.js";
import { DEFAULT_RUNTIME, RUNTIMES } from "./packages.js";

const USAGE = `Usage: terraform-provider-polyai place [FOLDER] [options]

Puts the provider into FOLDER/terraform.d/plugins and its hash into FOLDER/${LOCK_FILE}, so that
terraform init and tofu init find it there and ask no registry. FOLDER is the one that holds the
.tf files; the current one where it is left out. Run it again after an upgrade of this package.

  --runtime RUNTIME  node (default; on Windows, executable): the provider needs Node 20 or later on
                     PATH wherever Terraform runs. executable: it needs nothing, and comes from the
                     installed packages terraform-provider-polyai-linux-x64 and its like
  --json             print what was done as JSON
  --help             show this text

Exit codes: 0 it is placed; 1 it cannot be; 2 the arguments are wrong.
`;

/**
 * Places the provider beside a configuration.
 *
 * @param argv the arguments after `place`
 * @returns the exit code
 */
export const runPlace = (argv: readonly string[]): Promise<number> =>
  runCommand(
    {
      usage: USAGE,
      options: {
        runtime: { type: "string", default: DEFAULT_RUNTIME },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
      positionals: 1,
    },
    argv,
    (values, [given = "."]) => {
      const runtime = oneOf("--runtime", RUNTIMES, values.runtime);
      const folder = resolve(given);
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
        throw new Problem(`There is no folder ${folder}.`);
      }
      const plugin = bundledPlugin();
      const { version } = plugin;
      if (runtime === "node") placePlugin(folder, plugin);
      else placeExecutables(folder, installedExecutables(version));
      if (values.json === true) writeJson({ ok: true, version, runtime, folder });
      else {
        process.stdout.write(
          `${PROVIDER_ADDRESS} ${version} is placed in ${folder}. Next: terraform init, or tofu init.\n`,
        );
      }
      return EXIT.ok;
    },
  );
