/** Terraform and OpenTofu, as they run in a folder: version managers choose by it. */
import { execFile } from "node:child_process";
import { devNull } from "node:os";
import { check, plainEnvironment, type Check } from "./check.js";

const OLDEST: Readonly<Record<string, string>> = { Terraform: "1.5", OpenTofu: "1.6" };
const GET_CLI =
  "install Terraform 1.5 or OpenTofu 1.6 or later, or set TERRAFORM_BINARY_NAME to where it is";
const TIMEOUT_MS = 20_000;

/** The CLI that CDKTF or a person would start. One that will do is enough. */
export async function checkClis(folder: string): Promise<readonly Check[]> {
  const named = process.env["TERRAFORM_BINARY_NAME"];
  const names = named ? [named] : ["terraform", "tofu"];
  const checks = (await Promise.all(names.map((name) => checkCli(name, folder)))).flat();
  const good = checks.filter(({ status }) => status === "ok");
  if (checks.length > 0) return good.length > 0 ? good : checks;
  const missing = named
    ? "TERRAFORM_BINARY_NAME names no program"
    : "There is no terraform or tofu on PATH";
  return [check("cli", missing, GET_CLI)];
}

/** @returns none if the program is not there */
async function checkCli(name: string, folder: string): Promise<readonly Check[]> {
  const said = await output(name, folder);
  if (said === undefined) return [];
  const [, product = "", version] = /^(Terraform|OpenTofu) v(\d+\.\S+)/m.exec(said) ?? [];
  if (version === undefined) {
    const text = `${name} does not run in ${folder} (${said.trim().split("\n")[0] ?? ""})`;
    return [check("cli", text, `make ${name} version work there, or ${GET_CLI}`)];
  }
  const isOld = version.localeCompare(OLDEST[product] ?? "", "en", { numeric: true }) < 0;
  return isOld
    ? [check("cli", `${name} on PATH is ${product} ${version}, which is too old`, GET_CLI)]
    : [check("cli", `${name} is ${product} ${version}`)];
}

/** The version that it prints, or what it prints if it fails; undefined if it is not there. */
const output = (name: string, cwd: string): Promise<string | undefined> =>
  new Promise((done) => {
    const own = { CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: devNull };
    const options = { env: { ...plainEnvironment(), ...own }, cwd, timeout: TIMEOUT_MS };
    // The plain text tells which of the CLIs it is; `version -json` does not.
    execFile(name, ["version"], options, (error, stdout, stderr) =>
      done(error === null ? stdout : error.code === "ENOENT" ? undefined : stderr || stdout),
    );
  });
