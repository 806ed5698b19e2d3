/** What a person or a CI's runner has on PATH, with the clone's command in the published one's place. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cli, ROOT } from "../support/cli.js";
import { consumerFolder } from "./consumer.js";

export const { version: VERSION } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
) as { version: string };

/**
 * A folder for PATH with `terraform`, `tofu` (both the CLI under test), and `npx`, which takes this
 * package only, in this version where one is named.
 *
 * @param more scripts for /bin/sh by the name of their command
 */
export function runnerTools(cli: Cli, more: Readonly<Record<string, string>> = {}): string {
  const folder = consumerFolder();
  const scripts = {
    terraform: `exec '${cli.path}' "$@"`,
    tofu: `exec '${cli.path}' "$@"`,
    npx: `[ "$1" = --yes ] && shift
case "$1" in
  terraform-provider-polyai | terraform-provider-polyai@${VERSION}) shift ;;
  *) echo "npx would get $1" >&2; exit 9 ;;
esac
exec '${process.execPath}' '${join(ROOT, "dist/cli.js")}' "$@"`,
    ...more,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return folder;
}
