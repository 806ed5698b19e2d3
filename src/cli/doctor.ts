import { choosePackages } from "../placement/release-zip.js";
import { existingFolder, command } from "./command.js";
import { checkApi } from "./doctor/api.js";
import type { Check } from "./doctor/check.js";
import { checkClis } from "./doctor/programs.js";
import { checkProvider } from "./doctor/provider.js";
import { styled } from "./text.js";

const USAGE = `Usage: terraform-provider-polyai doctor [FOLDER] [options]

Checks what a rotation from here needs, and says for each problem how to fix it: Terraform or OpenTofu,
the provider beside the configuration in FOLDER (default: here) or in your user's plugins, its start
with your Node, its lock entry, the key and PolyAI's answer. It asks for a list of webhook endpoints
and changes nothing. It never shows the key.

  --from ZIP  the release's archive that the provider was installed from, if it was; may be repeated
  --offline   ask PolyAI nothing
  --json      print what was found as JSON
  --help      show this text

Exit codes: 0 all is well; 1 there is a problem; 2 the arguments are wrong.
`;

/** Looks at this machine. */
export const doctor = command(
  USAGE,
  {
    from: { type: "string", multiple: true },
    offline: { type: "boolean", default: false },
    json: { type: "boolean" },
  },
  async ({ from = [], offline }, [given = "."]) => {
    const folder = existingFolder(given);
    // The start is timed, so nothing else runs meanwhile.
    const provider = await checkProvider(folder, choosePackages(from));
    const [clis, api] = await Promise.all([checkClis(folder), checkApi(offline)]);
    const checks = [...clis, ...provider, ...api];
    const problems = checks.filter(({ status }) => status === "problem").length;
    const end = problems === 0 ? "All is well." : `Problems: ${problems}.`;
    const text = `${checks.map(lineOf).join("")}\n${styled("bold", end)}\n`;
    return { ok: problems === 0, text, data: { checks } };
  },
  1,
);

const COLOURS = { ok: "green", note: "yellow", problem: "red" } as const;

function lineOf({ subject, status, text, wayOut }: Check): string {
  const sentence = wayOut === undefined ? text : `${text}: ${wayOut}`;
  return `${styled(COLOURS[status], status.padEnd(8))} ${subject.padEnd(10)} ${sentence}.\n`;
}
