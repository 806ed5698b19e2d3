/** Finds the places that hold the provider, and the damage in each. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { isProgram } from "../../placement/bundled-plugin.js";
import { hashOf } from "../../placement/package-hash.js";
import { providerFolders, thisPlatform, type ProviderPackage } from "../packages.js";

/** A mirror that Terraform reads, implied or configured. */
export interface Mirror {
  readonly folder: string;
  /** The command that makes it good. */
  readonly repair: string;
}

/** The provider in a mirror, for this platform. */
export interface Placement {
  readonly mirror: Mirror;
  readonly version: string;
  /** The folder of the unpacked layout, or the archive of the packed one. */
  readonly path: string;
  readonly packed: boolean;
}

/** Every version in a mirror, at every address, that there is for this platform. */
export function placementsIn(mirror: Mirror): readonly Placement[] {
  const archive = new RegExp(`^terraform-provider-polyai_(.+)_${thisPlatform()}\\.zip$`);
  return providerFolders(mirror.folder).flatMap((folder) =>
    list(folder).flatMap((entry): readonly Placement[] => {
      const [, packedVersion] = archive.exec(entry) ?? [];
      const path = join(folder, entry);
      if (packedVersion !== undefined) {
        return [{ mirror, version: packedVersion, path, packed: true }];
      }
      const isVersion = /^\d+\.\d+\.\d+/.test(entry) && statSync(path).isDirectory();
      return isVersion
        ? [{ mirror, version: entry, path: join(path, thisPlatform()), packed: false }]
        : [];
    }),
  );
}

const list = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** The file in a package's folder that Terraform starts. */
export const programIn = (folder: string): string | undefined => {
  const name = list(folder).find(isProgram);
  return name === undefined ? undefined : join(folder, name);
};

/** The damage in a package's folder. */
export interface Damage {
  /** Completes "FOLDER …". */
  readonly what: string;
  /** The way out, where it is another than placing the provider again. */
  readonly wayOut?: string;
}

/**
 * Looks whether a package's folder is whole.
 *
 * @param expected what this npm package would place there
 * @param locked hashes that the lock file accepts for it
 * @returns undefined where it is
 */
export function damage(
  folder: string,
  expected: readonly ProviderPackage[],
  locked: readonly string[],
): Damage | undefined {
  const is = (what: string): Damage => ({ what });
  if (!existsSync(folder)) return is("is missing, though there are other platforms");
  const program = programIn(folder);
  if (program === undefined) return is("holds no provider");
  const { mode } = statSync(program);
  const hash = hashOf(folder);
  if ([...expected.map((each) => each.hash), ...locked].includes(hash)) {
    return process.platform === "win32" || (mode & 0o111) === 0o111
      ? undefined
      : is("holds a provider that may not be executed");
  }
  const known = expected.find(({ files }) => files.includes(basename(program)));
  if (known === undefined) return is("holds a file of a name that this package does not know");
  const stray = list(folder).find((entry) => !known.files.includes(entry));
  if (stray !== undefined) {
    return { what: `holds ${stray}, too, which changes its hash`, wayOut: "remove it" };
  }
  const missing = known.files.find((file) => !existsSync(join(folder, file)));
  if (missing !== undefined) return is(`lacks ${missing}`);
  return is(`holds ${known.files.flatMap((file) => fault(folder, known.folder, file)).join(", ")}`);
}

/** The difference between a file and the package's own, if there is one. */
function fault(folder: string, own: string, file: string): readonly string[] {
  const whole = readFileSync(join(own, file));
  const found = readFileSync(join(folder, file));
  if (found.equals(whole)) return [];
  const isCut = found.equals(whole.subarray(0, found.length));
  return [
    isCut
      ? `${file} cut short (${found.length} of ${whole.length} bytes)`
      : `another ${file} than this package's`,
  ];
}
