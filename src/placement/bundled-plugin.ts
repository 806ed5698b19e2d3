import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashOf } from "./package-hash.js";

const PACKAGE = "terraform-provider-polyai";

/** A package as Terraform takes it: the files of one folder. */
export interface PackageFiles {
  /** The folder that holds the files, and nothing else. */
  readonly folder: string;
  /** Their names. */
  readonly files: readonly string[];
  readonly version: string;
  /** Terraform's h1 hash of the folder. */
  readonly hash: string;
}

/** True for the file of a package that Terraform starts. */
export const isProgram = (file: string): boolean => file.startsWith(PACKAGE);

/**
 * The provider that the package around a folder carries: the same files for every platform.
 *
 * @param from a folder inside the package; this module's own, if not given.
 * @throws if the package is not around that folder, or was not built.
 */
export function bundledPlugin(from: string = __dirname): PackageFiles {
  const root = packageRoot(from);
  const { version } = readPackage(root) as { version: string };
  const folder = join(root, "dist", "plugin");
  const program = join(folder, `${PACKAGE}_v${version}`);
  if (!existsSync(program)) {
    throw new Error(
      `The provider was not built: there is no ${program}. In a clone of ${PACKAGE}, run ` +
        "`npm run build`; installed from npm, install the package again.",
    );
  }
  return { folder, files: readdirSync(folder).sort(), version, hash: hashOnce(folder) };
}

function packageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (readPackage(folder)?.name === PACKAGE) return folder;
    if (folder === dirname(folder)) {
      throw new Error(
        `The package ${PACKAGE} was not found around ${from}. The constructs read the provider ` +
          "from their own package: where a bundler packs the CDK program into one file, mark " +
          `${PACKAGE} as external.`,
      );
    }
  }
}

function readPackage(folder: string): { name?: string; version?: string } | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
}

const hashes = new Map<string, string>();

/** Kept for the next stack of the same synth. */
function hashOnce(folder: string): string {
  const state = readdirSync(folder).map((name) => {
    const { mtimeMs, size } = statSync(join(folder, name));
    return [name, mtimeMs, size];
  });
  const key = JSON.stringify([folder, state]);
  const hash = hashes.get(key) ?? hashOf(folder);
  hashes.set(key, hash);
  return hash;
}
