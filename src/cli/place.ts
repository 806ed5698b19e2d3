import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundledPlugin } from "../../lib/bundled-plugin.js";
import { LOCK_FILE, PROVIDER_ADDRESS, placePlugin } from "../../lib/plugin-placement.js";

const USAGE = `Usage: terraform-provider-polyai place [FOLDER]

Puts the provider into FOLDER/terraform.d/plugins and its hash into FOLDER/${LOCK_FILE}, so that
terraform init and tofu init find it there and ask no registry. FOLDER is the one that holds the
.tf files; the current one where it is left out. Run it again after an upgrade of this package.

  --help           show this text
`;

/**
 * Places the provider beside a configuration.
 *
 * @param argv the arguments after `place`
 * @returns the exit code: 0 when it is placed, 1 if it cannot be, 2 if the arguments are wrong
 */
export function runPlace(argv: readonly string[]): number {
  let folder: string;
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    if (positionals.length > 1) throw new Error("It takes one folder.");
    folder = resolve(positionals[0] ?? ".");
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    process.stderr.write(`There is no folder ${folder}.\n`);
    return 1;
  }
  try {
    const plugin = bundledPlugin();
    placePlugin(folder, plugin);
    process.stdout.write(
      `${PROVIDER_ADDRESS} ${plugin.version} is placed in ${folder}. Next: terraform init, or tofu init.\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(`The provider cannot be placed in ${folder}: ${messageOf(error)}\n`);
    return 1;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
