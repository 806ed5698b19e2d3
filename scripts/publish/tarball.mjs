import { homedir, userInfo } from "node:os";
import { posix } from "node:path";
import { LICENCES, SBOM } from "./prepack.mjs";

const ALLOWED = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md)$/,
  /^docs\/([\w-]+\/)*[\w-]+\.(md|svg)$/,
  /^dist\/([\w-]+\/)*[\w.-]+\.(c?js|json|d\.ts|d\.ts\.map|txt)$/,
  /^dist\/plugin\/terraform-provider-polyai_v[\w.-]+$/,
];
const REFUSED = [
  [/(^|\/)(test|tests|__tests__|fixtures)\//, "is a test's"],
  [/(^|\/)node_modules\//, "is another package's"],
  [/^dist\/(npm|release)\//, "belongs to another package"],
  [/(^|\/)\.(?!\/)/, "is hidden"],
];

const SECRETS = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/, "a private key"],
  [/\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/, "an age identity"],
  [/\bwhsec_[A-Za-z0-9+/_-]{32,}={0,2}/, "a webhook's signing secret"],
  [/\bnpm_[A-Za-z0-9]{36}\b/, "a token of npm"],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,})\b/, "a token of GitHub"],
  [/\bAKIA[0-9A-Z]{16}\b/, "an AWS access key"],
];
const SECRET_NAMES = /(KEY|TOKEN|SECRET|PASSWORD)$/;
const SECRET_LENGTH = 12;

const HOME = /(?:\/home\/|\/Users\/|[A-Z]:\\Users\\)(?!runner\/work\/_)[a-z][\w.-]*[/\\]/;

/**
 * What may not be sent to the world, in sentences that show no secret.
 *
 * @param {{ path: string, mode: number, bytes: Buffer }[]} files
 * @param {{ bin?: Record<string, string>, name: string, version: string }} manifest
 * @param {{ folders: string[], env?: NodeJS.ProcessEnv }} machine folders in which it was built
 */
export function tarballProblems(files, manifest, machine) {
  const paths = new Set(files.map(({ path }) => path));
  const required = [
    "package.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    SBOM,
    LICENCES,
    `dist/plugin/${manifest.name}_v${manifest.version}`,
    ...Object.values(manifest.bin ?? {}).map((path) => posix.normalize(path)),
  ];
  return [
    ...required.filter((path) => !paths.has(path)).map((path) => `${path} is missing.`),
    ...files.flatMap((file) => [
      ...nameProblems(file),
      ...mapProblems(file),
      ...contentProblems(file, machine),
    ]),
  ];
}

function nameProblems({ path }) {
  const [, why] = REFUSED.find(([pattern]) => pattern.test(path)) ?? [];
  if (why !== undefined) return [`${path} ${why}.`];
  return ALLOWED.some((pattern) => pattern.test(path)) ? [] : [`${path} is of no known kind.`];
}

function mapProblems({ path, bytes }) {
  if (!path.endsWith(".map")) return [];
  const { sources = [], sourceRoot = "" } = JSON.parse(bytes.toString());
  return [sourceRoot, ...sources]
    .filter((source) => /^(\/|[A-Za-z]:[\\/]|file:)/.test(source))
    .map(() => `${path} names a source by its absolute path.`);
}

/** Secrets, and paths of the machine that it was made on, in a file of any kind. */
export function contentProblems({ path, bytes }, { folders, env = process.env }) {
  const text = bytes.toString("latin1");
  const problems = SECRETS.filter(([pattern]) => pattern.test(text)).map(
    ([, what]) => `${path} holds what looks like ${what}.`,
  );
  for (const [name, value = ""] of Object.entries(env)) {
    if (SECRET_NAMES.test(name) && value.length >= SECRET_LENGTH && text.includes(value)) {
      problems.push(`${path} holds the value of ${name}.`);
    }
  }
  const own = [...folders, homedir()].filter((folder) => /[/\\]\w+[/\\]|\w{8}/.test(folder));
  // Executables are made of others' objects, which name their own builders' folders.
  const foreign = bytes.includes(0) ? undefined : HOME.exec(text)?.[0];
  if (own.some((folder) => text.includes(folder)) || foreign?.includes(userInfo().username)) {
    problems.push(`${path} holds a path of this machine.`);
  } else if (foreign !== undefined) {
    problems.push(`${path} holds a path of somebody's machine.`);
  }
  return problems;
}
