/** The provider as Terraform would find it from a folder: placed, whole, startable, locked. */
import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { providerInstallation } from "../cli-configuration.js";
import { here, userMirrors } from "../folders.js";
import { providerFor, thisPlatform, type ProviderPackage } from "../packages.js";
import { about, type Check } from "./check.js";
import { start } from "./handshake.js";
import { checkLock, lockEntry } from "./lock.js";
import { damage, placementsIn, programIn, type Mirror, type Placement } from "./placements.js";

export interface ProviderReport {
  readonly checks: readonly Check[];
  /** True if Terraform would run it on Node, as far as it can be seen. */
  readonly needsNode: boolean;
}

/** @param folder the one with the configuration, or with a CDKTF program's output in it */
export async function checkProvider(folder: string): Promise<ProviderReport> {
  const own = ownPackages();
  // Of a CDKTF program, each stack is a configuration, and the program's own folder is none.
  const stacks = stacksIn(folder);
  const configurations = stacks.length > 0 && !holdsPlugins(folder) ? stacks : [folder, ...stacks];
  const installation = providerInstallation(here());
  const mirrors = installation
    ? installation.mirrors.map((each) => mirrorAt(each, `mirror ${each}`))
    : [
        ...configurations.map(besides),
        ...userMirrors(here()).map((each) => mirrorAt(each, "install")),
      ];
  const placements = mirrors.flatMap(placementsIn);
  const locks = configurations.map((each) => ({ folder: each, entry: lockEntry(each) }));
  const locked = locks.flatMap(({ entry }) => (entry === undefined ? [] : entry.hashes));

  const { checks, whole, damaged } = look(placements, own, locked);
  if (placements.length === 0) checks.push(notPlaced(folder, configurations, installation));
  else if (placements.every(({ version }) => version !== own.version)) {
    checks.push(
      about("provider").note(
        `${own.version} of this package is placed nowhere: run ${command(mirrors[0])}.`,
      ),
    );
  }
  const programs = whole.length > 0 ? whole : own.programs;
  return {
    checks: [
      ...checks,
      await startOf(programs[0], whole.length > 0),
      ...locks.flatMap(({ folder: each, entry }) =>
        checkLock(each, entry, placements, damaged, own.here),
      ),
    ],
    needsNode: programs.some(isScript),
  };
}

/** The findings about each placement, and the programs of those that are whole. */
function look(placements: readonly Placement[], own: Own, locked: readonly string[]) {
  const { ok, note, problem } = about("provider");
  const checks: Check[] = [];
  const whole: string[] = [];
  const damaged = new Set<Placement>();
  const told = new Set<string>();
  for (const placement of placements) {
    const { path, packed, version, mirror } = placement;
    const details = { path, version };
    const fault = packed
      ? undefined
      : damage(path, version === own.version ? own.here : [], locked);
    if (version !== own.version && (packed || fault !== undefined)) {
      checks.push(
        note(`${path} has version ${version}, and this package is ${own.version}.`, details),
      );
    } else if (fault !== undefined) {
      damaged.add(placement);
      const { what, wayOut = `run ${command(mirror)}` } = fault;
      checks.push(problem(`${path} ${what}: ${wayOut}.`, details));
    } else {
      const program = packed ? undefined : programIn(path);
      if (program !== undefined) whole.push(program);
      // Once, though it is there for each registry.
      const message = `${mirror.folder} has version ${version}${packed ? "" : ", and it is whole"}.`;
      if (!told.has(message)) checks.push(ok(message, details));
      told.add(message);
    }
  }
  return { checks, whole, damaged };
}

interface Own {
  readonly version: string;
  /** For this platform: the script's, and the executable's where it is installed. */
  readonly here: readonly ProviderPackage[];
  readonly programs: readonly string[];
}

function ownPackages(): Own {
  const { version, packages } = providerFor("node");
  let executables: readonly ProviderPackage[] = [];
  try {
    executables = providerFor("executable").packages;
  } catch {
    // None is installed, or one of another version: there is nothing to compare with.
  }
  const ours = [...packages, ...executables].filter(({ platform }) => platform === thisPlatform());
  const programs = ours.map(({ folder, files }) =>
    join(folder, files.find((file) => file.startsWith("terraform-provider-")) ?? ""),
  );
  return { version, here: ours, programs };
}

/** The folders of a CDKTF program's stacks, once it was synthesized. */
function stacksIn(folder: string): readonly string[] {
  const stacks = join(folder, "cdktf.out", "stacks");
  return existsSync(stacks) ? readdirSync(stacks).map((name) => join(stacks, name)) : [];
}

const holdsPlugins = (folder: string): boolean => existsSync(pluginsOf(folder));
const pluginsOf = (folder: string): string => join(folder, "terraform.d", "plugins");

const mirrorAt = (folder: string, repair: string): Mirror => ({ folder, repair });
const besides = (folder: string): Mirror => mirrorAt(pluginsOf(folder), `place ${folder}`);
const command = (mirror: Mirror | undefined): string =>
  `terraform-provider-polyai ${mirror?.repair ?? "install"}`;

function notPlaced(
  folder: string,
  configurations: readonly string[],
  installation: ReturnType<typeof providerInstallation>,
): Check {
  const { note, problem } = about("provider");
  if (installation === undefined) {
    return problem(
      `The provider is neither in ${pluginsOf(folder)} nor in your user's plugins: run ` +
        "terraform-provider-polyai install, or place beside the .tf files, or synthesize your CDKTF program.",
    );
  }
  if (installation.hasOthers) {
    return note(
      `${installation.file} says where providers come from, and no folder that it names has this one; ` +
        "a network mirror may.",
    );
  }
  const elsewhere = [
    ...configurations.map(besides),
    ...userMirrors(here()).map((each) => mirrorAt(each, "install")),
  ].find((mirror) => placementsIn(mirror).length > 0);
  return problem(
    `The provider_installation block of ${installation.file} names no folder that has the provider` +
      `${elsewhere === undefined ? "" : `, and overrules ${elsewhere.folder}, which has it`}: add what ` +
      "terraform-provider-polyai mirror DIR prints, or remove the block.",
  );
}

async function startOf(program: string | undefined, placed: boolean): Promise<Check> {
  const { ok, problem } = about("start");
  if (program === undefined) return problem("There is no provider to start for this platform.");
  const answer = await start(program);
  const which = placed ? program : "This package's own provider";
  if (answer.answered) {
    return ok(`${which} starts and answers the handshake in ${answer.milliseconds} ms.`, {
      path: program,
      milliseconds: answer.milliseconds,
    });
  }
  return problem(
    `${which} does not start (${answer.reason.replace(/[.:]+$/, "")}): ${
      isScript(program)
        ? "put Node 20 or later on PATH, or use the executable (install --runtime executable)"
        : "install this package again, or run on Node (install --runtime node)"
    }.`,
    { path: program },
  );
}

function isScript(program: string): boolean {
  const file = openSync(program, "r");
  try {
    const start = Buffer.alloc(2);
    readSync(file, start);
    return start.toString() === "#!";
  } finally {
    closeSync(file);
  }
}
