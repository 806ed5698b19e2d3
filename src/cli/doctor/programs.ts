/** Node, Terraform and OpenTofu, as they run in a folder: version managers choose by it. */
import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { devNull } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { about, plainEnvironment, type Check } from "./check.js";

const OLDEST = { Terraform: "1.5.0", OpenTofu: "1.6.0" } as const;
const GET_ONE =
  "install Terraform 1.5 or OpenTofu 1.6 or later, or set TERRAFORM_BINARY_NAME to where it is";
const TIMEOUT_MS = 20_000;

/** @param needed false if the provider that is placed is an executable */
export async function checkNode(folder: string, needed: boolean): Promise<Check> {
  const { ok, note, problem } = about("node");
  const trouble = needed ? problem : note;
  const wayOut = needed
    ? "put Node 20 or later there, or use the executable (install --from ZIP)"
    : "the executable that is placed needs none";
  const path = onPath("node", folder);
  if (path === undefined) return trouble(`There is no node on PATH: ${wayOut}.`);
  const version = (await output(path, ["--version"], folder))?.trim();
  if (version === undefined) return trouble(`${path} does not run in ${folder}: ${wayOut}.`);
  return Number(/^v(\d+)/.exec(version)?.[1]) >= 20
    ? ok(`Node ${version} is on PATH.`)
    : trouble(`Node ${version} on PATH is older than 20: ${wayOut}.`);
}

/** The CLIs that CDKTF or a person would start. */
export async function checkClis(folder: string): Promise<readonly Check[]> {
  const { ok, note, problem } = about("cli");
  const named = process.env["TERRAFORM_BINARY_NAME"] || undefined;
  const found = [...(named === undefined ? [] : [named]), "terraform", "tofu"].map((name) =>
    onPath(name, folder),
  );
  if (named !== undefined && found[0] === undefined) {
    return [problem(`TERRAFORM_BINARY_NAME names no program: ${GET_ONE}, or unset it.`)];
  }
  const paths = [...new Set(found.filter((path) => path !== undefined))];
  if (paths.length === 0) return [problem(`Neither terraform nor tofu is on PATH: ${GET_ONE}.`)];
  const asked = await Promise.all(
    paths.map(async (path) => {
      // The plain text tells which of the two it is; `version -json` does not.
      const text = (await output(path, ["version"], folder)) ?? "";
      const [, product, version] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)/m.exec(text) ?? [];
      if (product === undefined || version === undefined) {
        return { fault: `${path} runs in ${folder} neither as Terraform nor as OpenTofu` };
      }
      const oldest = OLDEST[product as keyof typeof OLDEST];
      return version.localeCompare(oldest, "en", { numeric: true }) < 0
        ? { fault: `${product} ${version} (${path}) is older than supported` }
        : { message: `${product} ${version} is ${path}.` };
    }),
  );
  // The one that was named is the one that counts.
  const enough = named === undefined && asked.some(({ fault }) => fault === undefined);
  return asked.map(({ fault, message }, index) => {
    if (fault === undefined) return ok(message);
    const isNote = enough || (named !== undefined && index > 0);
    return (isNote ? note : problem)(`${fault}: ${GET_ONE}.`);
  });
}

/** A program's stdout; undefined if it fails. */
const output = (path: string, args: readonly string[], cwd: string): Promise<string | undefined> =>
  new Promise((done) => {
    const env = { ...plainEnvironment(), CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: devNull };
    execFile(path, args, { env, cwd, timeout: TIMEOUT_MS }, (error, stdout) =>
      done(error === null ? stdout : undefined),
    );
  });

function onPath(name: string, folder: string): string | undefined {
  const isPath = isAbsolute(name) || /[/\\]/.test(name);
  const file = process.platform === "win32" && !/\.exe$/i.test(name) ? `${name}.exe` : name;
  const folders = isPath ? [folder] : (process.env["PATH"] ?? "").split(delimiter);
  return folders
    .map((each) => (isPath ? resolve(each, file) : join(resolve(folder, each), file)))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
