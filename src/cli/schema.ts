import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundledPlugin } from "../placement/bundled-plugin.js";
import { EXIT, runCommand } from "./command.js";

const USAGE = `Usage: terraform-provider-polyai schema

Prints the provider's schema as JSON, in the form of terraform providers schema -json: what binding
generators and editors take. No CLI is needed and nothing is started.

  --json   change nothing: it is JSON anyway
  --help   show this text

Exit codes: 0 it is printed; 1 it cannot be; 2 the arguments are wrong.
`;

/**
 * Prints the schema that the bindings and the documents are made from.
 *
 * @param argv the arguments after `schema`
 * @returns the exit code
 */
export const runSchema = (argv: readonly string[]): Promise<number> =>
  runCommand(
    {
      usage: USAGE,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
      positionals: 0,
    },
    argv,
    () => {
      const dist = dirname(bundledPlugin().folder);
      process.stdout.write(readFileSync(join(dist, "schema.json")));
      return EXIT.ok;
    },
  );
