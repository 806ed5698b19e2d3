/** The provider as Terraform would find it from a folder: placed, whole, startable, locked. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { lockedProvider } from "../../placement/lock-file.js";
import {
  ADDRESSES,
  filesOf,
  hashOf,
  isProgram,
  thisPlatform,
  type ProviderPackage,
} from "../../placement/package.js";
import { BESIDE, LOCK_FILE, readLockFile } from "../../placement/place.js";
import { providerInstallation } from "../cli-configuration.js";
import { messageOf } from "../command.js";
import { here, userMirrors } from "../folders.js";
import { about, type Check } from "./check.js";
import { start } from "./start.js";

const COMMAND = "terraform-provider-polyai";

/** The provider in a mirror, for this platform. */
interface Placement {
  /** The folder of the unpacked layout, or the archive of the packed one. */
  readonly path: string;
  readonly version: string;
  /** The command that makes it good. */
  readonly repair: string;
}

export interface ProviderReport {
  readonly checks: readonly Check[];
  readonly needsNode: boolean;
}

/**
 * @param folder the one with the configuration, or with a CDKTF program's output in it
 * @param own packages that may be started: nothing else that lies in the folder is
 */
export async function checkProvider(
  folder: string,
  own: readonly ProviderPackage[],
): Promise<ProviderReport> {
  const { note, problem } = about("provider");
  const stacks = list(join(folder, "cdktf.out/stacks")).map((name) =>
    join(folder, "cdktf.out/stacks", name),
  );
  // Of a CDKTF program, each stack is a configuration, and the program's own folder is none.
  const configurations =
    stacks.length > 0 && !existsSync(join(folder, BESIDE)) ? stacks : [folder, ...stacks];
  const implied = [
    ...configurations.flatMap((each) => placementsIn(join(each, BESIDE), `--into ${each}`)),
    ...userMirrors(here()).flatMap((each) => placementsIn(each, "")),
  ];
  const installation = providerInstallation(here());
  const placements = installation
    ? installation.mirrors.flatMap((each) => placementsIn(each, `--mirror ${each}`))
    : implied;
  const looked = placements.map((placement) => ({ placement, ...look(placement, own) }));
  const checks = looked.map(({ check }) => check);
  if (placements.length === 0) {
    checks.push(
      installation === undefined
        ? problem(
            `The provider is neither in ${join(folder, BESIDE)} nor in your user's plugins: run ` +
              `${COMMAND} install, or synthesize your CDKTF program.`,
          )
        : installation.hasOthers
          ? note(`No folder that ${installation.file} names has the provider; a mirror may.`)
          : problem(
              `The provider_installation block of ${installation.file} names no folder that has the ` +
                `provider${implied[0] ? `, and overrules ${implied[0].path}, which has it` : ""}: ` +
                `add what ${COMMAND} install --mirror DIR prints, or remove the block.`,
            ),
    );
  }
  const programs = looked.flatMap(({ program }) => program ?? []);
  return {
    checks: [
      ...checks,
      ...(programs[0] === undefined ? [] : [await startOf(programs[0], folder)]),
      ...configurations.flatMap((each) => checkLock(each, looked, own)),
    ],
    needsNode: placements.length === 0 || looked.some(({ isScript }) => isScript),
  };
}

const list = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Every version in a mirror, at every address, that there is for this platform. */
function placementsIn(mirror: string, option: string): readonly Placement[] {
  const archive = new RegExp(`^${COMMAND}_(.+)_${thisPlatform()}\\.zip$`);
  const repair = `${COMMAND} install ${option}`.trim();
  return ADDRESSES.map((address) => join(mirror, address)).flatMap((folder) =>
    list(folder).flatMap((entry): readonly Placement[] => {
      const [, packed] = archive.exec(entry) ?? [];
      if (packed !== undefined) return [{ path: join(folder, entry), version: packed, repair }];
      const isVersion = /^\d+\.\d+\.\d+/.test(entry);
      return isVersion
        ? [{ path: join(folder, entry, thisPlatform()), version: entry, repair }]
        : [];
    }),
  );
}

const isPacked = ({ path }: Placement): boolean => path.endsWith(".zip");

interface Looked {
  readonly check: Check;
  /** May be started. */
  readonly program?: string;
  /** Runs on Node. */
  readonly isScript: boolean;
}

function look(placement: Placement, own: readonly ProviderPackage[]): Looked {
  const { ok, note, problem } = about("provider");
  const { path, version, repair } = placement;
  const known = own.find((each) => each.platforms.includes(thisPlatform()));
  const isScript = isPacked(placement) || existsSync(join(path, "main.cjs"));
  if (own.every((each) => each.version !== version)) {
    const message = `${path} has version ${version}, and this package is ${own[0]?.version ?? ""}.`;
    return { check: note(message), isScript };
  }
  if (isPacked(placement)) return { check: ok(`${path} has version ${version}.`), isScript };
  if (!existsSync(path)) {
    const message = `${path} is missing, though there are other platforms: run ${repair}.`;
    return { check: problem(message), isScript };
  }
  const files = filesOf(path);
  const hash = hashOf(files);
  const program = files.find(({ name }) => isProgram(name))?.name;
  if (own.some((each) => each.hash === hash) && program !== undefined) {
    const file = join(path, program);
    return process.platform === "win32" || (statSync(file).mode & 0o111) === 0o111
      ? { check: ok(`${path} has version ${version}, and it is whole.`), program: file, isScript }
      : { check: problem(`${file} may not be executed: run ${repair}.`), isScript };
  }
  if (known === undefined || (program !== undefined && files.length > 1 && !isScript)) {
    const message = `${path} is not this package's, so it is not started: name its archive with --from.`;
    return { check: note(message), isScript };
  }
  const stray = files.find(({ name }) => known.files.every((file) => file.name !== name));
  if (stray !== undefined) {
    const message = `${join(path, stray.name)} changes the provider's hash: remove it.`;
    return { check: problem(message), isScript };
  }
  const different = known.files
    .filter(({ name, content }) => {
      const found = files.find((file) => file.name === name);
      return found === undefined || Buffer.compare(found.content, content) !== 0;
    })
    .map(({ name }) => name);
  const message = `${path} lacks this package's ${different.join(", ")}, or has another: run ${repair}.`;
  return { check: problem(message), isScript };
}

async function startOf(program: string, folder: string): Promise<Check> {
  const { ok, problem } = about("start");
  const begun = performance.now();
  try {
    await start(program, folder);
    return ok(`${program} starts and answers in ${Math.round(performance.now() - begun)} ms.`);
  } catch (error) {
    const reason = messageOf(error).replace(/[.:]+$/, "");
    const wayOut = "put Node 20 or later on PATH, or use the executable (install --from ZIP)";
    return problem(`${program} does not start (${reason}): ${wayOut}.`);
  }
}

/** If a folder's lock file accepts what is placed. */
function checkLock(
  folder: string,
  looked: readonly { readonly placement: Placement; readonly check: Check }[],
  own: readonly ProviderPackage[],
): readonly Check[] {
  const { ok, problem } = about("lock file");
  const placements = looked.map(({ placement }) => placement);
  const file = join(folder, LOCK_FILE);
  const entry = lockedProvider(readLockFile(folder), ADDRESSES);
  if (entry === undefined || placements.length === 0) return [];
  const same = placements.filter(({ version }) => version === entry.version);
  if (same.length === 0) {
    const others = [...new Set(placements.map(({ version }) => version))].join(", ");
    return [
      problem(
        `${file} is locked to ${entry.version}, and what is placed is ${others}: run ` +
          "terraform init -upgrade.",
      ),
    ];
  }
  // Of a damaged one, its own check says what to do.
  const whole = looked.filter(({ check }) => check.status !== "problem");
  if (!whole.some(({ placement }) => same.includes(placement))) return [];
  // An archive has the hash of its files, and stays closed.
  const fits = same.some((placement) =>
    isPacked(placement)
      ? own.some(({ hash }) => entry.hashes.includes(hash))
      : existsSync(placement.path) && entry.hashes.includes(hashOf(filesOf(placement.path))),
  );
  return fits
    ? [ok(`${file} accepts what is placed.`)]
    : [
        problem(
          `${file} accepts other files of ${entry.version} than are placed: run ${COMMAND} install ` +
            `--into ${folder}, or remove the provider's entry and run terraform init.`,
        ),
      ];
}
