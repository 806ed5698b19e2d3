/** The provider as Terraform would find it from a folder: placed, whole, startable, locked. */
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOCK_FILE, readLockFile, type LockEntry } from "../../placement/lock-file.js";
import { ADDRESSES, filesOf, hashOf, isProgram, PACKAGE } from "../../placement/package.js";
import { thisPlatform, type PackageFile, type ProviderPackage } from "../../placement/package.js";
import { BESIDE } from "../../placement/place.js";
import { unzip } from "../../placement/zip.js";
import { providerInstallation } from "../cli-configuration.js";
import { messageOf } from "../command.js";
import { here, userMirrors } from "../folders.js";
import { check, type Check } from "./check.js";
import { checkLinks, namesIn } from "./links.js";
import { checkStart } from "./start.js";

/** The names that a version has in a mirror, in the unpacked and in the packed layout. */
const ENTRY = new RegExp(
  `^(\\d+\\.\\d+\\.\\d+(?:-[\\w.-]+)?)$|^${PACKAGE}_(.+)_${thisPlatform()}\\.zip$`,
);

/** The provider in a mirror, for this platform. */
interface Placement {
  readonly version: string;
  readonly hash: string;
  /** It is this package's, and may be started. */
  readonly program?: string;
  readonly check: Check;
}

/**
 * @param folder the one with the configuration, or with a CDKTF program's output in it
 * @param own packages that may be started: nothing else that lies in the folder is
 */
export async function checkProvider(
  folder: string,
  own: readonly ProviderPackage[],
): Promise<readonly Check[]> {
  const output = join(folder, "cdktf.out/stacks");
  const stacks = namesIn(output).map((name) => join(output, name));
  // Of a CDKTF program, each stack is a configuration, and the program's own folder is none.
  const configurations =
    stacks.length > 0 && !existsSync(join(folder, BESIDE)) ? stacks : [folder, ...stacks];
  const mirrors = providerInstallation(here())?.mirrors.map((each) => [each, ` --mirror ${each}`]);
  const implied = [
    ...configurations.map((each) => [join(each, BESIDE), ` --into ${each}`]),
    ...userMirrors(here()).map((each) => [each, ""]),
  ];
  const placements = (mirrors ?? implied).flatMap(([mirror = "", option = ""]) =>
    placementsIn(mirror, `${PACKAGE} install${option}`, own),
  );
  const program = placements.find((each) => each.program !== undefined)?.program;
  return [
    ...(placements.length > 0 ? placements.map((each) => each.check) : [missing(folder)]),
    ...checkLinks(configurations),
    ...(program === undefined ? [] : [await checkStart(program, folder)]),
    ...configurations.flatMap((each) => checkLock(each, placements)),
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

/** Every version in a mirror, at every address. */
const placementsIn = (
  mirror: string,
  install: string,
  own: readonly ProviderPackage[],
): readonly Placement[] =>
  ADDRESSES.map((address) => join(mirror, address)).flatMap((folder) =>
    namesIn(folder).flatMap((entry) => {
      const [, ofFolder, version = ofFolder] = ENTRY.exec(entry) ?? [];
      if (version === undefined) return [];
      const path = join(folder, entry, ofFolder === undefined ? "" : thisPlatform());
      return look(path, version, install, own);
    }),
  );

/** @param path the folder of the unpacked layout, or the archive of the packed one */
function look(
  path: string,
  version: string,
  install: string,
  own: readonly ProviderPackage[],
): Placement {
  const files = filesAt(path);
  const hash = hashOf(files);
  const found = (status: Check["status"], text: string, wayOut?: string): Placement => ({
    version,
    hash,
    check: { ...check("provider", `${path} ${text}`, wayOut), status },
  });
  if (own.every((each) => each.version !== version)) {
    return found("note", `has version ${version}, and this package is ${own[0]?.version ?? ""}`);
  }
  if (own.every((each) => each.hash !== hash)) {
    return files.length === 0 || files.some(({ name }) => name.endsWith(".cjs"))
      ? found("problem", "is not as this package has it", `remove it, and run ${install}`)
      : found("note", "is not this package's, so it is not started: name its archive with --from");
  }
  const whole = found("ok", `has version ${version}, and it is whole`);
  if (path.endsWith(".zip")) return whole;
  const program = join(path, files.find(({ name }) => isProgram(name))?.name ?? "");
  try {
    accessSync(program, constants.X_OK);
    return { ...whole, program };
  } catch {
    return found("problem", "may not be executed", `run ${install}`);
  }
}

/** None if they are not there, or cannot be read. */
function filesAt(path: string): readonly PackageFile[] {
  try {
    return path.endsWith(".zip") ? unzip(readFileSync(path)) : filesOf(path);
  } catch {
    return [];
  }
}

/** Checks that a folder's lock file accepts what is placed. */
function checkLock(folder: string, placements: readonly Placement[]): readonly Check[] {
  const file = join(folder, LOCK_FILE);
  let entry: LockEntry | undefined;
  try {
    entry = readLockFile(folder).blocks.find(({ address }) => ADDRESSES.includes(address));
  } catch (error) {
    return [check("lock file", messageOf(error).split(", so")[0] ?? "", "correct the line")];
  }
  if (entry === undefined || placements.length === 0) return [];
  const same = placements.filter(({ version }) => version === entry.version);
  if (same.length === 0) {
    const others = [...new Set(placements.map(({ version }) => version))].join(", ");
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
