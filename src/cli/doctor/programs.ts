/** Node, Terraform and OpenTofu, as they run in a folder: version managers choose by it. */
import { execFile } from "node:child_process";
import { devNull } from "node:os";
import { check, plainEnvironment, type Check } from "./check.js";

const OLDEST = new Map([
  ["Node", "20"],
  ["Terraform", "1.5"],
  ["OpenTofu", "1.6"],
]);
const GET_NODE = "put Node 20 or later there, or use the executable (install --from ZIP)";
const GET_CLI =
  "install Terraform 1.5 or OpenTofu 1.6 or later, or set TERRAFORM_BINARY_NAME to where it is";
const TIMEOUT_MS = 20_000;

export const checkNode = async (folder: string): Promise<Check> =>
  (await checkProgram("node", "node", folder)) ??
  check("node", "There is no node on PATH", GET_NODE);

/** The CLI that CDKTF or a person would start. */
export async function checkClis(folder: string): Promise<readonly Check[]> {
  const named = process.env["TERRAFORM_BINARY_NAME"];
  const names = named ? [named] : ["terraform", "tofu"];
  const found = await Promise.all(names.map((name) => checkProgram("cli", name, folder)));
  const checks = found.filter((each) => each !== undefined);
  if (checks.length === 0) {
    const missing = named
      ? "TERRAFORM_BINARY_NAME names no program"
      : "There is no terraform or tofu on PATH";
    return [check("cli", missing, GET_CLI)];
  }
  // One that will do is enough.
  const good = checks.filter(({ status }) => status === "ok");
  return good.length > 0 ? good : checks;
}

/** @returns undefined if the program is not there */
async function checkProgram(
  subject: "node" | "cli",
  name: string,
  folder: string,
): Promise<Check | undefined> {
  // The plain text tells which of the CLIs it is; `version -json` does not.
  const text = await output(name, subject === "node" ? "--version" : "version", folder);
  if (text === undefined) return undefined;
  const wayOut = subject === "node" ? GET_NODE : GET_CLI;
  const [, product = "Node", version] = /^(?:(Terraform|OpenTofu) )?v(\d+\.\S+)/m.exec(text) ?? [];
  if (version === undefined) return check(subject, `${name} does not run in ${folder}`, wayOut);
  const isOld = version.localeCompare(OLDEST.get(product) ?? "", "en", { numeric: true }) < 0;
  return isOld
    ? check(subject, `${name} on PATH is ${product} ${version}, which is too old`, wayOut)
    : check(subject, `${name} is ${product} ${version}`);
}

/** A program's stdout; empty if it fails, undefined if it is not there. */
const output = (name: string, argument: string, cwd: string): Promise<string | undefined> =>
  new Promise((done) => {
    const env = { ...plainEnvironment(), CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: devNull };
    execFile(name, [argument], { env, cwd, timeout: TIMEOUT_MS }, (error, stdout) =>
      done(error === null ? stdout : error.code === "ENOENT" ? undefined : ""),
    );
  });
