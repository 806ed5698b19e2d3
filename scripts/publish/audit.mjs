import { run } from "../lib/process.mjs";

/** Thrown where the registry gives no advisories, as against giving some. */
export class NotAudited extends Error {}

/**
 * The known vulnerabilities in what a user gets: packages that npm installs with this one, and
 * those inside dist/, which npm audit takes for development's.
 *
 * @param {import("./bundled.mjs").Bundled[]} bundled
 * @returns {Promise<string[]>} sentences; none where all is well
 */
export async function audit(folder, bundled) {
  const installed = await report(folder, "--omit=dev");
  const all = await report(folder);
  return [...concerning(installed), ...concerning(all, new Set(bundled.map(({ path }) => path)))];
}

/** Of a report of npm audit, what concerns these folders; all of it where none are given. */
export function concerning({ vulnerabilities }, paths) {
  return Object.values(vulnerabilities).flatMap(({ name, severity, nodes, via }) => {
    if (paths !== undefined && !nodes.some((node) => paths.has(node))) return [];
    const advisories = via.filter((each) => typeof each === "object");
    const told = advisories.map(({ title, url }) => `${title} (${url})`).join("; ");
    return [`${name}, severity ${severity}: ${told || `by way of ${via.join(", ")}`}`];
  });
}

async function report(folder, ...args) {
  // npm ends with 1 where it finds something, and its report is then no failure of this.
  const script = 'npm audit --json "$@" || true'; /* `run` gives what was printed of success only */
  const printed = await run("sh", ["-c", script, "sh", ...args], { cwd: folder });
  const answer = JSON.parse(printed);
  if (answer.vulnerabilities === undefined) {
    throw new NotAudited(
      `the registry answers no audit (${answer.message ?? answer.error?.summary ?? "no reason"})`,
    );
  }
  return answer;
}
