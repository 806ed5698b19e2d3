import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageHash } from "./package-hash.js";

const PACKAGE = "terraform-provider-polyai";

/** The provider that this package carries: one executable file, the same for every platform. */
export interface BundledPlugin {
  readonly file: string;
  readonly version: string;
  /** Terraform's h1 hash of a package folder that holds this file and nothing else. */
  readonly hash: string;
}

/**
 * The plugin of the package that holds a folder.
 *
 * @param from a folder inside the package; this module's own, if not given.
 * @throws where the package is not around that folder, or was not built.
 */
export function bundledPlugin(from: string = __dirname): BundledPlugin {
  const root = packageRoot(from);
  const { version } = readPackage(root) as { version: string };
  const name = `${PACKAGE}_v${version}`;
  const file = join(root, "dist", "plugin", name);
  if (!existsSync(file)) {
    throw new Error(
      `The provider was not built: there is no ${file}. In a clone of ${PACKAGE}, run ` +
        "`npm run build`; installed from npm, install the package again.",
    );
  }
  return { file, version, hash: hashOnce(file, name) };
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
function hashOnce(file: string, name: string): string {
  const { mtimeMs, size } = statSync(file);
  const key = `${file}\0${mtimeMs}\0${size}`;
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const hash = packageHash([name], () => readFileSync(file));
  hashes.set(key, hash);
  return hash;
}
