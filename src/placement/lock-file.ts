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

interface Block {
  readonly address: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** The blocks of providers. Terraform writes one with its brackets at the start of a line. */
function blocksIn(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: Pick<Block, "address" | "start"> | undefined;
  let next = 0;
  while (next < text.length) {
    const start = next;
    next = text.indexOf("\n", start) + 1 || text.length;
    if (open === undefined && text.startsWith("provider ", start)) {
      const address = /^provider "([^"]*)" \{\r?\n$/.exec(text.slice(start, next))?.[1];
      if (address !== undefined) open = { address, start };
    } else if (open !== undefined && text.slice(start, next).trimEnd() === "}") {
      blocks.push({ ...open, source: text.slice(open.start, next), end: next });
      open = undefined;
    }
  }
  return blocks;
}

/**
 * The lock file's text with this entry in it, in order of address. Every other byte stays.
 *
 * An entry that already says the same, perhaps with further hashes, stays as it is; one with
 * another version, constraint or hash is replaced whole, since its hashes are of another package.
 */
export function mergeLockEntry(text: string, entry: LockEntry): string {
  const blocks = blocksIn(text);
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
  blocksIn(text).some(({ address }) => address.endsWith(`/${namespace}/${name}`));

/** The version and hashes that the lock file has for a provider, at the first address found. */
export function lockedProvider(
  text: string,
  addresses: readonly string[],
): Pick<LockEntry, "version" | "hashes"> | undefined {
  const block = blocksIn(text).find(({ address }) => addresses.includes(address));
  if (block === undefined) return undefined;
  const version = argumentIn(block.source, "version") ?? "";
  const hashes = [...block.source.matchAll(/"((?:h1|zh):[^"]*)"/g)].map(([, hash = ""]) => hash);
  return { version, hashes };
}

const argumentIn = (block: string, name: "version" | "constraints"): string | undefined =>
  new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*"(.*)"`, "m").exec(block)?.[1];

const says = (source: string, { version, constraints, hashes }: LockEntry): boolean =>
  argumentIn(source, "version") === version &&
  argumentIn(source, "constraints") === constraints &&
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
