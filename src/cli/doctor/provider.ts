/** The provider as Terraform would find it from a folder: placed, whole, startable, locked. */
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LOCK_FILE, readLockFile, type LockEntry } from "../../placement/lock-file.js";
import { ADDRESSES, hashOf, PACKAGE, thisPlatform } from "../../placement/package.js";
import type { ProviderPackage } from "../../placement/package.js";
import { BESIDE } from "../../placement/place.js";
import { filesAt, namesIn, placedIn, programOf } from "../../placement/read-mirror.js";
import type { PlacedPackage } from "../../placement/read-mirror.js";
import { here, userMirrors } from "../../placement/user-mirror.js";
import { pluginCaches, providerInstallation } from "../cli-configuration.js";
import { messageOf } from "../command.js";
import { check, type Check } from "./check.js";
import { checkStart } from "./start.js";

/** A package that Terraform would find. */
interface Found extends PlacedPackage {
  readonly check: Check;
  /** It is this package's, and may be started. */
  readonly program?: string | undefined;
}

/**
 * @param folder the one with the configuration, or with a CDKTF program's output in it
 * @param own packages that may be started: nothing else that lies in the folder is
 */
export async function checkProvider(
  folder: string,
  own: readonly ProviderPackage[],
): Promise<readonly Check[]> {
  const settings = join(folder, "cdktf.json");
  const json = existsSync(settings) ? readFileSync(settings, "utf8") : "";
  const [, output = "cdktf.out"] = /"output"\s*:\s*"([^"]+)"/.exec(json) ?? [];
  const place = resolve(folder, output, "stacks");
  const stacks = namesIn(place).map((name) => join(place, name));
  // Of a CDKTF program, each stack is a configuration, and the program's own folder is none.
  const configurations =
    stacks.length > 0 && !existsSync(join(folder, BESIDE)) ? stacks : [folder, ...stacks];
  const read = (mirror: string, option = "") =>
    placedIn(mirror).map((placed) => judge(placed, `run ${PACKAGE} install${option}`, own));
  const named = providerInstallation(here())?.mirrors;
  const shared = named
    ? named.flatMap((each) => read(each, ` --mirror ${each}`))
    : userMirrors(here()).flatMap((each) => read(each));
  const besideOf = (each: string) => (named ? [] : read(join(each, BESIDE), ` --into ${each}`));
  const nearby = configurations.map((each) => [...besideOf(each), ...shared]);
  const found = [...new Set(nearby.flat())];
  if (found.length === 0) return [missing(folder), ...checkLinks(configurations)];
  const [program] = found.flatMap((each) => each.program ?? []);
  return [
    ...found.map((each) => each.check),
    ...checkLinks(configurations),
    ...(program === undefined ? [] : [await checkStart(program, folder)]),
    ...configurations.flatMap((each, at) => checkLock(each, nearby[at] ?? [])),
  ];
}

function missing(folder: string): Check {
  const installation = providerInstallation(here());
  if (installation === undefined) {
    return check(
      "provider",
      `The provider is neither in ${join(folder, BESIDE)} nor in your user's plugins`,
      `run ${PACKAGE} install, or synthesize your CDKTF program`,
    );
  }
  const { file, hasOthers } = installation;
  const wayOut = `add what ${PACKAGE} install --mirror DIR prints, or remove the block`;
  const text = `The provider_installation block of ${file} names no folder that has the provider`;
  return { ...check("provider", text, wayOut), ...(hasOthers && { status: "note" }) };
}

/** @param install the way out for a package that is not whole */
function judge(placed: PlacedPackage, install: string, own: readonly ProviderPackage[]): Found {
  const { version, hash, path, files } = placed;
  const found = (status: Check["status"], text: string, wayOut?: string): Found => ({
    ...placed,
    check: { ...check("provider", `${path} ${text}`, wayOut), status },
  });
  if (own.every((each) => each.version !== version)) {
    return found("note", `has version ${version}, and this package is ${own[0]?.version ?? ""}`);
  }
  if (!existsSync(path)) {
    const wayOut = `name each platform's archive by --from if it is to need no Node, and ${install}`;
    return found("problem", "is missing, though other platforms are there", wayOut);
  }
  if (own.every((each) => each.hash !== hash)) {
    return files.length === 0 || files.some(({ name }) => name.endsWith(".cjs"))
      ? found("problem", "is not as this package has it", `remove it, and ${install}`)
      : found("note", "is not this package's, so it is not started: name its archive with --from");
  }
  const whole = found("ok", `has version ${version}, and it is whole`);
  const bundled = own.find((each) => each.hash === hash)?.program;
  if (path.endsWith(".zip")) return bundled === undefined ? whole : { ...whole, program: bundled };
  const program = programOf(placed);
  return program
    ? { ...whole, program }
    : found("problem", "may not be executed", `${install}, or mount it without noexec`);
}

/** Checks the links that an earlier `init` made, in one of the configurations or for all. */
const checkLinks = (configurations: readonly string[]): readonly Check[] =>
  [...pluginCaches(here()), ...configurations.map((each) => join(each, ".terraform/providers"))]
    .flatMap((folder) => ADDRESSES.map((address) => join(folder, address)))
    .flatMap((versions) => namesIn(versions).map((version) => join(versions, version)))
    .flatMap((platforms) => namesIn(platforms).map((platform) => join(platforms, platform)))
    .filter((path) => lstatSync(path).isSymbolicLink() && !existsSync(path))
    .map((path) => check("link", `${path} links to a folder that is gone`, "remove the link"));

/** Checks that a folder's lock file accepts what is placed. */
function checkLock(folder: string, found: readonly Found[]): readonly Check[] {
  const file = join(folder, LOCK_FILE);
  let entry: LockEntry | undefined;
  try {
    entry = readLockFile(folder).blocks.find(({ address }) => ADDRESSES.includes(address));
  } catch (error) {
    return [check("lock file", messageOf(error).split(", so")[0] ?? "", "correct the line")];
  }
  if (entry === undefined) return [];
  if (found.length === 0) {
    const wayOut = `run ${PACKAGE} install --into ${folder}, or synthesize again`;
    return [check("lock file", `${file} has the provider, which is not there`, wayOut)];
  }
  const path = join(folder, ".terraform/providers", entry.address, entry.version, thisPlatform());
  if (existsSync(path) && !entry.hashes.includes(hashOf(filesAt(path)))) {
    return [check("lock file", `${file} does not accept ${path}`, "run terraform init")];
  }
  const same = found.filter(({ version }) => version === entry.version);
  if (same.length === 0) {
    const others = [...new Set(found.map(({ version }) => version))].join(", ");
    const text = `${file} is locked to ${entry.version}, and what is placed is ${others}`;
    return [check("lock file", text, "run terraform init -upgrade")];
  }
  if (same.some(({ hash }) => entry.hashes.includes(hash))) {
    return [check("lock file", `${file} accepts what is placed`)];
  }
  // Of a broken one, its own check says what to do.
  if (same.every((each) => each.check.status === "problem")) return [];
  const text = `${file} accepts other files of ${entry.version} than are placed`;
  return [check("lock file", text, "remove the provider's entry, and run terraform init")];
}
