/** A provider's entry in `.terraform.lock.hcl`, the dependency lock file. */
export interface LockEntry {
  /** Full source address. */
  readonly address: string;
  readonly version: string;
  readonly constraints: string;
  /** One for each platform's package, or for several that are the same. */
  readonly hashes: readonly string[];
}

const HEADER = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

/** Terraform writes a provider's block with its brackets at the start of a line. */
const BLOCK = /^provider "([^"]*)" \{\r?\n[^]*?^\}[^\S\n]*(?:\n|$)/gm;

/**
 * The lock file's text with this entry in it, in order of address. Every other byte stays.
 *
 * An entry that already says the same, perhaps with further hashes, stays as it is; one with
 * another version, constraint or hash is replaced whole, since its hashes are of another package.
 */
export function mergeLockEntry(text: string, entry: LockEntry): string {
  const blocks = [...text.matchAll(BLOCK)].map((match) => ({
    address: match[1] as string,
    source: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  const ours = blocks.find(({ address }) => address === entry.address);
  if (ours !== undefined) {
    if (says(ours.source, entry)) return text;
    return text.slice(0, ours.start) + render(entry) + text.slice(ours.end);
  }
  const next = blocks.find(({ address }) => address > entry.address);
  if (next !== undefined) {
    return `${text.slice(0, next.start)}${render(entry)}\n${text.slice(next.start)}`;
  }
  const before = text.trim() === "" ? HEADER : text.endsWith("\n") ? text : `${text}\n`;
  return `${before}\n${render(entry)}`;
}

/** True if the lock file has an entry for a provider, from whichever registry. */
export const locksProvider = (text: string, namespace: string, name: string): boolean =>
  [...text.matchAll(BLOCK)].some((match) => match[1]?.endsWith(`/${namespace}/${name}`));

/** The version and hashes that the lock file has for a provider, at the first address found. */
export function lockedProvider(
  text: string,
  addresses: readonly string[],
): Pick<LockEntry, "version" | "hashes"> | undefined {
  const block = [...text.matchAll(BLOCK)].find(([, address = ""]) => addresses.includes(address));
  if (block === undefined) return undefined;
  const version = /^\s*version\s*=\s*"(.*)"/m.exec(block[0])?.[1] ?? "";
  const hashes = [...block[0].matchAll(/"((?:h1|zh):[^"]*)"/g)].map(([, hash = ""]) => hash);
  return { version, hashes };
}

const says = (source: string, { version, constraints, hashes }: LockEntry): boolean =>
  /^\s*version\s*=\s*"(.*)"/m.exec(source)?.[1] === version &&
  /^\s*constraints\s*=\s*"(.*)"/m.exec(source)?.[1] === constraints &&
  hashes.every((hash) => source.includes(`"${hash}"`));

const render = ({ address, version, constraints, hashes }: LockEntry): string =>
  `provider "${address}" {
  version     = "${version}"
  constraints = "${constraints}"
  hashes = [
${[...hashes]
  .sort()
  .map((hash) => `    "${hash}",\n`)
  .join("")}  ]
}
`;
