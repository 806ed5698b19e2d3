import { execFile } from "node:child_process";
import { promisify } from "node:util";

const exec = promisify(execFile);

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
function concerning({ vulnerabilities }, paths) {
  return Object.values(vulnerabilities).flatMap(({ name, severity, nodes, via }) => {
    if (paths !== undefined && !nodes.some((node) => paths.has(node))) return [];
    const advisories = via.filter((each) => typeof each === "object");
    const told = advisories.map(({ title, url }) => `${title} (${url})`).join("; ");
    return [`${name}, severity ${severity}: ${told || `by way of ${via.join(", ")}`}`];
  });
}

async function report(folder, ...args) {
  const { stdout } = await exec("npm", ["audit", "--json", ...args], { cwd: folder }).catch(
    // npm ends with 1 where it finds something, and that is an answer.
    (error) => error,
  );
  const answer = JSON.parse(stdout || "{}");
  if (answer.vulnerabilities === undefined) {
    const reason = answer.message ?? answer.error?.summary ?? "it says nothing";
    throw new NotAudited(`the registry answers no audit (${reason})`);
  }
  return answer;
}
