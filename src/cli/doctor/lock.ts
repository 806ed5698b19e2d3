/** The dependency lock file, `.terraform.lock.hcl`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "../../placement/package-hash.js";
import { LOCK_FILE, readLockFile } from "../../placement/plugin-placement.js";
import { ADDRESSES, type ProviderPackage } from "../packages.js";
import { about, type Check } from "./check.js";
import type { Placement } from "./placements.js";

export interface LockEntry {
  readonly version: string;
  readonly hashes: readonly string[];
}

/** The entries of a folder's lock file for this provider, at either address. */
export function lockEntry(folder: string): LockEntry | undefined {
  const text = readLockFile(folder);
  const blocks = [...text.matchAll(/^provider "([^"]*)" \{\r?\n([^]*?)^\}/gm)];
  const block = blocks.find(([, address = ""]) => ADDRESSES.includes(address))?.[2];
  if (block === undefined) return undefined;
  return {
    version: /^\s*version\s*=\s*"(.*)"/m.exec(block)?.[1] ?? "",
    hashes: [...block.matchAll(/"((?:h1|zh):[^"]*)"/g)].map(([, hash = ""]) => hash),
  };
}

/**
 * Checks that a folder's lock file accepts the placed files.
 *
 * @param damaged of the placements, those of which more is said than that their hash is another
 * @param own what this package has for this platform: archives have the same hash, and stay closed
 */
export function checkLock(
  folder: string,
  entry: LockEntry | undefined,
  placements: readonly Placement[],
  damaged: ReadonlySet<Placement>,
  own: readonly ProviderPackage[],
): readonly Check[] {
  const { ok, problem } = about("lock file");
  const file = join(folder, LOCK_FILE);
  if (entry === undefined) {
    return existsSync(file) ? [ok(`${file} has no entry of the provider yet: init adds it.`)] : [];
  }
  const { version, hashes } = entry;
  if (placements.length === 0) return [];
  const same = placements.filter((placement) => placement.version === version);
  if (same.length === 0) {
    const others = [...new Set(placements.map((placement) => placement.version))].join(", ");
    return [
      problem(
        `${file} is locked to ${version}, and what is placed is ${others}: run terraform init -upgrade.`,
      ),
    ];
  }
  if (same.every((placement) => damaged.has(placement))) return [];
  const fits = same.some((placement) =>
    placement.packed
      ? own.some(({ hash }) => hashes.includes(hash))
      : !damaged.has(placement) && hashes.includes(hashOf(placement.path)),
  );
  return fits
    ? [ok(`${file} accepts what is placed.`, { version })]
    : [
        problem(
          `${file} accepts other files of ${version} than those that are placed: run ` +
            `terraform-provider-polyai place ${folder}, or remove the provider's entry and run terraform init.`,
        ),
      ];
}
