/** `.terraform.lock.hcl`, the dependency lock file, in the form in which `init` writes it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const LOCK_FILE = ".terraform.lock.hcl";

/** A provider's entry. */
export interface LockEntry {
  /** Full source address. */
  readonly address: string;
  readonly version: string;
  readonly constraints: string;
  /** One for each platform's package, or for several that are the same. `init` adds missing ones. */
  readonly hashes: readonly string[];
}

/** An entry as it stands in the text. */
interface Block extends LockEntry {
  readonly start: number;
  readonly end: number;
}

export interface LockFile {
  readonly path: string;
  /** A character for each byte, so that all bytes stay. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

const HEADER = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

/** A configuration's lock file; an empty one if there is none. @throws if it is not understood */
export function readLockFile(folder: string): LockFile {
  const path = join(folder, LOCK_FILE);
  try {
    return parseLockFile(readFileSync(path, "latin1"), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return parseLockFile("", path);
  }
}

/** No text of a lock file has escapes or templates. */
const TEXT = String.raw`"([^"\\{\n]*)"`;
/** The end of a line, and what the next one is indented by. */
const NEXT = String.raw`[^\S\n]*\n\s*`;
const ENTRY = new RegExp(
  String.raw`^provider ${TEXT} \{${NEXT}version *= ${TEXT}${NEXT}(?:constraints *= ${TEXT}${NEXT})?` +
    String.raw`(?:hashes *= \[${NEXT}((?:"[^"\\{\n]*",${NEXT})*)\]${NEXT})?\}(?=[^\S\n]*$)`,
  "gm",
);

/** @throws an error with the number of the line from which on the text is not understood. */
export function parseLockFile(text: string, path: string): LockFile {
  const blocks: Block[] = [];
  const addresses = new Set<string>();
  const read = (
    entry: string,
    address: string,
    version: string,
    constraints = "",
    list = "",
    start = 0,
  ): string => {
    if (addresses.has(address)) return entry;
    addresses.add(address);
    const hashes = list.match(/[^\s",]+/g) ?? [];
    blocks.push({ address, version, constraints, hashes, start, end: start + entry.length });
    // Its lines stay, and are blank.
    return entry.replace(/.+/g, "");
  };
  const others = text.replace(ENTRY, read).split("\n");
  const line = others.findIndex((each) => !/^(?:#|$)/.test(each.trim())) + 1;
  if (line === 0) return { path, text, blocks };
  throw new Error(
    `Line ${line} of ${path} is not understood, or the entry that begins there, so the file is left ` +
      "as it is: correct it, or remove the file.",
  );
}

/**
 * The lock file with this entry in it. Every other byte stays.
 *
 * An entry that already says the same, perhaps with further hashes, stays as it is; one with
 * another version, constraint or hash is replaced whole, since its hashes are of another package.
 */
export function mergeLockEntry({ path, text, blocks }: LockFile, entry: LockEntry): LockFile {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const rendered = render(entry).replaceAll("\n", newline);
  const ours = blocks.find(({ address }) => address === entry.address);
  if (ours !== undefined) {
    const isSame =
      ours.version === entry.version &&
      ours.constraints === entry.constraints &&
      entry.hashes.every((hash) => ours.hashes.includes(hash));
    if (isSame) return { path, text, blocks };
    return parseLockFile(text.slice(0, ours.start) + rendered + text.slice(ours.end), path);
  }
  const before = blocks.filter(({ address }) => address < entry.address).at(-1);
  const lineEnd = before === undefined ? -1 : text.indexOf("\n", before.end);
  const at = lineEnd < 0 ? text.length : lineEnd + 1;
  const head = text.trim() === "" ? HEADER : text.slice(0, at);
  const gap = head.endsWith("\n") ? newline : newline + newline;
  return parseLockFile(head + gap + rendered + newline + text.slice(at), path);
}

function render({ address, version, constraints, hashes }: LockEntry): string {
  const lines = [...hashes].sort().map((hash) => `    "${hash}",\n`);
  const list = lines.length === 0 ? "" : `  hashes = [\n${lines.join("")}  ]\n`;
  return `provider "${address}" {
  version     = "${version}"
  constraints = "${constraints}"
${list}}`;
}
