import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/process.mjs";
import { versionDrift } from "../lib/version.mjs";
import { changelogProblems } from "./changelog.mjs";

const BRANCH = "main";

/** `https://github.com/owner/repository` of package.json's repository field, or undefined. */
export function repositoryUrl({ repository }) {
  const url = typeof repository === "string" ? repository : repository?.url;
  const short = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(url ?? "")?.[1];
  if (short !== undefined) return `https://github.com/${short}`;
  return url?.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** Where git and its clone stand. */
export async function gitFacts(folder) {
  const git = async (...args) => (await run("git", args, { cwd: folder })).trimEnd();
  const lines = (text) => text.split("\n").filter((line) => line !== "");
  return {
    changed: lines(await git("status", "--porcelain")).map((line) => line.slice(3)),
    branch: await git("branch", "--show-current"),
    tags: lines(await git("tag", "--points-at", "HEAD")),
    onMain: lines(await git("branch", "--all", "--contains", "HEAD", "--format=%(refname)")).some(
      (ref) => /^refs\/(heads|remotes\/[^/]+)\/main$/.test(ref),
    ),
  };
}

/**
 * What stands between this commit and a release, in sentences with the way out.
 *
 * @param {{ changed: string[], branch: string, tags: string[], onMain: boolean }} git
 * @param {{ version: string, repository?: unknown }} manifest
 * @param {NodeJS.ProcessEnv} env
 */
export function releaseProblems(git, manifest, env) {
  const tag = `v${manifest.version}`;
  const problems = [];
  if (git.changed.length > 0) {
    const shown = git.changed.slice(0, 3).join(", ");
    const more = git.changed.length > 3 ? `, and ${git.changed.length - 3} more` : "";
    problems.push(`The tree is dirty (${shown}${more}): commit or remove that.`);
  }
  if (git.branch !== "" && git.branch !== BRANCH) {
    problems.push(`This is branch ${git.branch}; releases are made of ${BRANCH}.`);
  } else if (!git.onMain) {
    problems.push(`HEAD is not part of ${BRANCH}: merge it, and fetch ${BRANCH} here.`);
  }
  const versions = git.tags.filter((each) => /^v\d/.test(each));
  if (!versions.includes(tag)) {
    const others = versions.length === 0 ? "no version's tag" : versions.join(", ");
    problems.push(
      `HEAD has ${others}, and package.json version ${manifest.version}: \`npm version\` makes commit and tag ${tag}.`,
    );
  } else if (versions.length > 1) {
    problems.push(`HEAD has several versions' tags: ${versions.join(", ")}.`);
  }
  return [...problems, ...provenanceProblems(manifest, env)];
}

// https://docs.npmjs.com/generating-provenance-statements
function provenanceProblems(manifest, env) {
  const problems = [];
  const stated = repositoryUrl(manifest);
  const github = env.GITHUB_ACTIONS === "true";
  const actual = github ? `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}` : undefined;
  if (stated === undefined) {
    problems.push(
      "package.json names no repository, with which npm compares the provenance: npm pkg set repository.type=git repository.url=git+https://…",
    );
  } else if (actual !== undefined && stated.toLowerCase() !== actual.toLowerCase()) {
    problems.push(`package.json names repository ${stated}, and this is ${actual}.`);
  }
  if (github && !env.ACTIONS_ID_TOKEN_REQUEST_URL) {
    problems.push("The workflow's job lacks `permissions: id-token: write`.");
  } else if (!github && !env.SIGSTORE_ID_TOKEN) {
    problems.push(
      "npm attests provenance in GitHub Actions and GitLab CI/CD only: push the tag, and the release workflow publishes.",
    );
  }
  return problems;
}

/** What is wrong with versions and changelog, in sentences. */
export function textProblems(folder, manifest, { releasing }) {
  const changelog = changelogProblems(readFileSync(join(folder, "CHANGELOG.md"), "utf8"), {
    version: manifest.version,
    today: new Date().toISOString().slice(0, 10),
    releasing,
    repository: repositoryUrl(manifest),
  });
  return [...versionDrift(folder), ...changelog.map((problem) => `CHANGELOG.md: ${problem}`)];
}

/**
 * The packages with an executable for one platform each, of `npm run release`.
 *
 * @returns {{ folder: string, manifest: any }[]}
 */
export function platformPackages(folder) {
  const base = join(folder, "dist/npm");
  if (!existsSync(base)) return [];
  return readdirSync(base, { recursive: true })
    .filter((file) => /^(@[^/\\]+[/\\])?[^/\\]+[/\\]package\.json$/.test(file))
    .sort()
    .map((file) => join(base, file))
    .map((file) => ({
      folder: join(file, ".."),
      manifest: JSON.parse(readFileSync(file, "utf8")),
    }));
}

/** What keeps the platform packages from going out together with the main one, in sentences. */
export function platformProblems(platforms, main) {
  const asked = Object.entries(main.optionalDependencies ?? {}).filter(([name]) =>
    name.includes(main.name),
  );
  const problems = platforms.flatMap(({ manifest }) => {
    const say = (text) => `${manifest.name} ${text}`;
    return [
      manifest.version === main.version
        ? []
        : [say(`is of version ${manifest.version}, not ${main.version}: npm run release`)],
      // A runtime's own licences may come to it.
      `${manifest.license} AND `.startsWith(`${main.license} AND `)
        ? []
        : [say(`must have licence ${main.license}.`)],
      repositoryUrl(manifest) === repositoryUrl(main)
        ? []
        : [say("names another repository, or none.")],
      manifest.os?.length === 1 && manifest.cpu?.length === 1
        ? []
        : [say("must name one os and one cpu.")],
      manifest.private === true ? [say("is private.")] : [],
    ].flat();
  });
  for (const [name, range] of asked) {
    if (range !== main.version) {
      problems.push(`package.json asks for ${name} ${range}, not ${main.version}.`);
    }
    if (!platforms.some(({ manifest }) => manifest.name === name)) {
      problems.push(`dist/npm/ lacks ${name}, which package.json asks for: npm run release`);
    }
  }
  return problems;
}
