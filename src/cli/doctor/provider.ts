/** The provider as Terraform would find it from a folder: placed, whole, startable, locked. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { lockedProvider } from "../../placement/lock-file.js";
import { ADDRESSES, filesOf, hashOf, isProgram, PACKAGE } from "../../placement/package.js";
import { thisPlatform, type PackageFile, type ProviderPackage } from "../../placement/package.js";
import { BESIDE, LOCK_FILE, readLockFile } from "../../placement/place.js";
import { unzip } from "../../placement/zip.js";
import { providerInstallation, type ProviderInstallation } from "../cli-configuration.js";
import { messageOf } from "../command.js";
import { here, userMirrors } from "../folders.js";
import { check, type Check } from "./check.js";
import { start } from "./start.js";

/** The names that a version has in a mirror, in the unpacked and in the packed layout. */
const FOLDER = /^(\d+\.\d+\.\d+(?:-[\w.-]+)?)$/;
const ARCHIVE = new RegExp(`^${PACKAGE}_(.+)_${thisPlatform()}\\.zip$`);
const isPacked = (path: string): boolean => path.endsWith(".zip");

/** The provider in a mirror, for this platform. */
interface Placement {
  readonly version: string;
  readonly hash: string;
  /** It is this package's, and may be started. */
  readonly program?: string;
  readonly isScript: boolean;
  readonly check: Check;
}

/**
 * @param folder the one with the configuration, or with a CDKTF program's output in it
 * @param own packages that may be started: nothing else that lies in the folder is
 */
export async function checkProvider(
  folder: string,
  own: readonly ProviderPackage[],
): Promise<{ checks: readonly Check[]; needsNode: boolean }> {
  const output = join(folder, "cdktf.out/stacks");
  const stacks = list(output).map((name) => join(output, name));
  // Of a CDKTF program, each stack is a configuration, and the program's own folder is none.
  const configurations =
    stacks.length > 0 && !existsSync(join(folder, BESIDE)) ? stacks : [folder, ...stacks];
  const installation = providerInstallation(here());
  const placements = installation
    ? installation.mirrors.flatMap((each) => placementsIn(each, `--mirror ${each}`, own))
    : [
        ...configurations.flatMap((each) =>
          placementsIn(join(each, BESIDE), `--into ${each}`, own),
        ),
        ...userMirrors(here()).flatMap((each) => placementsIn(each, "", own)),
      ];
  const program = placements.find((each) => each.program !== undefined)?.program;
  return {
    checks: [
      ...placements.map((each) => each.check),
      ...(placements.length === 0 ? [missing(folder, installation)] : []),
      ...(program === undefined ? [] : [await checkStart(program, folder)]),
      ...configurations.flatMap((each) => checkLock(each, placements)),
    ],
    needsNode: placements.length === 0 || placements.some(({ isScript }) => isScript),
  };
}

function missing(folder: string, installation: ProviderInstallation | undefined): Check {
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

const list = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Every version in a mirror, at every address; the layout is packed or unpacked. */
const placementsIn = (
  mirror: string,
  option: string,
  own: readonly ProviderPackage[],
): readonly Placement[] =>
  ADDRESSES.map((address) => join(mirror, address)).flatMap((folder) =>
    list(folder).flatMap((entry) => {
      const version = (FOLDER.exec(entry) ?? ARCHIVE.exec(entry))?.[1];
      if (version === undefined) return [];
      const path = join(folder, entry, isPacked(entry) ? "" : thisPlatform());
      return look(path, version, `${PACKAGE} install ${option}`.trim(), own);
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
  const isScript = files.length === 0 || files.some(({ name }) => name.endsWith(".cjs"));
  const found = (text: string, wayOut?: string): Placement => ({
    version,
    hash,
    isScript,
    check: check("provider", `${path} ${text}`, wayOut),
  });
  const note = (text: string): Placement => {
    const placement = found(text);
    return { ...placement, check: { ...placement.check, status: "note" } };
  };
  if (own.every((each) => each.version !== version)) {
    return note(`has version ${version}, and this package is ${own[0]?.version ?? ""}`);
  }
  const known = own.find((each) => each.hash === hash);
  if (known === undefined) {
    return isScript
      ? found("is not as this package has it", `remove it, and run ${install}`)
      : note("is not this package's, so it is not started: name its archive with --from");
  }
  const program = join(path, known.files.find(({ name }) => isProgram(name))?.name ?? "");
  const whole = found(`has version ${version}, and it is whole`);
  if (isPacked(path)) return whole;
  return process.platform === "win32" || (statSync(program).mode & 0o111) === 0o111
    ? { ...whole, program }
    : found("may not be executed", `run ${install}`);
}

/** None if they are not there, or cannot be read. */
function filesAt(path: string): readonly PackageFile[] {
  try {
    return isPacked(path) ? unzip(readFileSync(path), () => undefined) : filesOf(path);
  } catch {
    return [];
  }
}

async function checkStart(program: string, folder: string): Promise<Check> {
  const begun = performance.now();
  try {
    await start(program, folder);
    const took = Math.round(performance.now() - begun);
    return check("start", `${program} starts and answers in ${took} ms`);
  } catch (error) {
    return check(
      "start",
      `${program} does not start (${messageOf(error).replace(/[.:]+$/, "")})`,
      "put Node 20 or later on PATH, or use the executable (install --from ZIP)",
    );
  }
}

/** Checks that a folder's lock file accepts what is placed. */
function checkLock(folder: string, placements: readonly Placement[]): readonly Check[] {
  const entry = lockedProvider(readLockFile(folder), ADDRESSES);
  if (entry === undefined || placements.length === 0) return [];
  const file = join(folder, LOCK_FILE);
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
  const wayOut = "remove the provider's entry, and run terraform init";
  return [check("lock file", text, wayOut)];
}
