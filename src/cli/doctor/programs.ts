/** Node, Terraform and OpenTofu on this machine. */
import { execFile } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { about, type Check } from "./check.js";

const OLDEST_NODE = 20;
/** By what they call themselves. */
const OLDEST = { Terraform: "1.5.0", OpenTofu: "1.6.0" } as const;
const GET_ONE =
  "install Terraform 1.5 or OpenTofu 1.6 or later, or set TERRAFORM_BINARY_NAME to where it is";
const TIMEOUT_MS = 20_000;

/** @param needed whether a provider is placed that runs on Node */
export async function checkNode(needed: boolean): Promise<Check> {
  const { ok, note, problem } = about("node");
  const path = onPath("node");
  const trouble = needed ? problem : note;
  const wayOut = needed
    ? `put Node ${OLDEST_NODE} or later there, or use the executable (install --runtime executable)`
    : "the executable that is placed needs none";
  if (path === undefined) {
    return trouble(`There is no node on PATH for the provider to run on: ${wayOut}.`);
  }
  const version =
    realpathSync(path) === realpathSync(process.execPath)
      ? process.version
      : (await output(path, ["--version"]))?.trim();
  if (version === undefined) return trouble(`${path} does not run: ${wayOut}.`, { path });
  if (Number(/^v(\d+)/.exec(version)?.[1]) < OLDEST_NODE) {
    return trouble(`Node ${version} on PATH is older than ${OLDEST_NODE}: ${wayOut}.`, { path });
  }
  return ok(`Node ${version} is on PATH.`, { version, path });
}

interface Found {
  readonly product: keyof typeof OLDEST;
  readonly version: string;
  readonly path: string;
}

/** The CLIs that CDKTF or a person would start. */
export async function checkClis(): Promise<readonly Check[]> {
  const { ok, note, problem } = about("cli");
  const named = process.env["TERRAFORM_BINARY_NAME"] ?? "";
  const checks: Check[] = [];
  const paths = new Set(
    ["terraform", "tofu"].map(onPath).filter((path): path is string => path !== undefined),
  );
  if (named !== "") {
    const path = named.includes("/") || named.includes("\\") ? isFile(named) : onPath(named);
    if (path === undefined) {
      return [
        problem(
          `TERRAFORM_BINARY_NAME names no program that is there: ${GET_ONE}, or take it out.`,
        ),
      ];
    }
    paths.add(path);
  }
  const asked = await Promise.all([...paths].map(async (path) => ({ path, is: await ask(path) })));
  const clis = asked.flatMap(({ is }) => (is === undefined ? [] : [is]));
  const enough = clis.some((cli) => !isTooOld(cli));
  for (const { path, is } of asked) {
    const trouble = enough ? note : problem;
    if (is === undefined) {
      checks.push(trouble(`${path} runs neither as Terraform nor as OpenTofu: ${GET_ONE}.`));
    } else if (isTooOld(is)) {
      checks.push(
        trouble(`${is.product} ${is.version} (${path}) is older than supported: ${GET_ONE}.`, {
          ...is,
        }),
      );
    } else checks.push(ok(`${is.product} ${is.version} is ${path}.`, { ...is }));
  }
  return checks.length > 0
    ? checks
    : [problem(`Neither terraform nor tofu is on PATH: ${GET_ONE}.`)];
}

async function ask(path: string): Promise<Found | undefined> {
  // The plain text tells which of the two it is; `version -json` does not.
  const text = (await output(path, ["version"])) ?? "";
  const [, product, version] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)/m.exec(text) ?? [];
  if (product === undefined || version === undefined) return undefined;
  return { product: product as Found["product"], version, path };
}

const isTooOld = ({ product, version }: Found): boolean =>
  version.localeCompare(OLDEST[product], "en", { numeric: true }) < 0;

/** The output of a program; undefined if it fails. It sees no key and no configuration. */
async function output(path: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = {
      ...environmentWithout(/^(POLYAI_|TF_)/),
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: devNull,
    };
    execFile(path, args, { env, cwd: tmpdir(), timeout: TIMEOUT_MS }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}

/** This process's environment, without some variables. */
export const environmentWithout = (names: RegExp): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)));

function onPath(name: string): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = isFile(join(folder || ".", file));
    if (path !== undefined) return path;
  }
  return undefined;
}

const isFile = (path: string): string | undefined =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : undefined;
