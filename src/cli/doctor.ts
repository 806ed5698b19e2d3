import { resolve } from "node:path";
import { statSync } from "node:fs";
import { choosePackages } from "../placement/choose.js";
import { EXIT, Problem, runCommand, writeJson } from "./command.js";
import { checkApi } from "./doctor/api.js";
import type { Check } from "./doctor/check.js";
import { checkClis, checkNode } from "./doctor/programs.js";
import { checkProvider } from "./doctor/provider.js";
import { paint } from "./text.js";

const USAGE = `Usage: terraform-provider-polyai doctor [FOLDER] [options]

Looks at what rotating a secret from here takes, and says of each problem the way out: Node; Terraform
or OpenTofu (TERRAFORM_BINARY_NAME, terraform and tofu on PATH); the provider, beside the
configuration in FOLDER (the current one if it is left out) or in your user's plugins: that it is
whole, starts, and fits the lock file; the key in POLYAI_API_KEY; the region in POLYAI_REGION or
POLYAI_BASE_URL; and that PolyAI answers there. It asks for a list of webhook endpoints and changes
nothing. The key is never shown.

  --from ZIP  the release's archive that the provider was installed from, if it was; may be repeated
  --offline   ask PolyAI nothing
  --json      print what was found as JSON
  --help      show this text

Exit codes: 0 all is well; 1 there is a problem; 2 the arguments are wrong.
`;

/**
 * Looks at this machine.
 *
 * @param argv the arguments after `doctor`
 * @returns the exit code
 */
export const runDoctor = (argv: readonly string[]): Promise<number> =>
  runCommand(
    {
      usage: USAGE,
      options: {
        from: { type: "string", multiple: true },
        offline: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
      positionals: 1,
    },
    argv,
    async (values, [given = "."]) => {
      const folder = resolve(given);
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
        throw new Problem(`There is no folder ${folder}.`);
      }
      const own = choosePackages((values.from ?? []).map((file) => resolve(file)));
      // The start is timed, so nothing else runs meanwhile.
      const provider = await checkProvider(folder, own);
      const [node, clis, api] = await Promise.all([
        checkNode(folder, provider.needsNode),
        checkClis(folder),
        checkApi({ offline: values.offline === true }),
      ]);
      const checks = [node, ...clis, ...provider.checks, ...api];
      const problems = checks.filter(({ status }) => status === "problem").length;
      if (values.json === true) writeJson({ ok: problems === 0, problems, checks });
      else process.stdout.write(asText(checks, problems));
      return problems === 0 ? EXIT.ok : EXIT.problem;
    },
  );

function asText(checks: readonly Check[], problems: number): string {
  const { bold, green, red, yellow } = paint(process.stdout);
  const colour = { ok: green, note: yellow, problem: red };
  const lines = checks.map(
    ({ subject, status, message }) =>
      `${colour[status](status.padEnd(8))} ${subject.padEnd(10)} ${message}\n`,
  );
  const end =
    problems === 0
      ? "All is well."
      : problems === 1
        ? "There is one problem."
        : `There are ${problems} problems.`;
  return `${lines.join("")}\n${bold(end)}\n`;
}
