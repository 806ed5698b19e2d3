/** `.terraform.lock.hcl`, the dependency lock file, in the part of HCL that it is written in. */
import { existsSync, readFileSync } from "node:fs";
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
  /** The end of its last line. */
  readonly lineEnd: number;
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
  return parseLockFile(existsSync(path) ? readFileSync(path, "latin1") : "", path);
}

/** @throws an error with the number of the first line that is not understood. */
export function parseLockFile(text: string, path: string): LockFile {
  const tokens = tokensOf(text);
  let at = 0;
  const isNext = (kind: Token["kind"]) => tokens[at]?.kind === kind;
  const fault = ({ start }: Token) => {
    const line = text.slice(0, start).split("\n").length;
    return new Error(
      `Line ${line} of ${path} is not understood, so the file is left as it is: correct the line, ` +
        "or remove the file.",
    );
  };
  const take = (...kinds: readonly Token["kind"][]): Token => {
    const token = tokens[at++] as Token;
    if (!kinds.includes(token.kind)) throw fault(token);
    return token;
  };
  const takeValue = (): readonly string[] => {
    const first = take("string", "[");
    if (first.kind === "string") return [first.text.slice(1, -1)];
    const values: string[] = [];
    while (!isNext("]")) {
      values.push(take("string").text.slice(1, -1));
      if (!isNext("]")) take(",");
    }
    take("]");
    return values;
  };
  const takeBlock = (): Block => {
    const begin = take("name");
    const label = take("string");
    take("{");
    const attributes = new Map<string, readonly string[]>();
    while (!isNext("}")) {
      if (isNext("newline")) at++;
      else {
        const name = take("name");
        if (attributes.has(name.text)) throw fault(name);
        take("=");
        attributes.set(name.text, takeValue());
        if (!isNext("}")) take("newline");
      }
    }
    const { end } = take("}");
    const address = label.text.slice(1, -1);
    if (begin.text !== "provider" || addresses.has(address)) throw fault(begin);
    addresses.add(address);
    const [version = ""] = attributes.get("version") ?? [];
    const [constraints = ""] = attributes.get("constraints") ?? [];
    const hashes = attributes.get("hashes") ?? [];
    const lineEnd = isNext("end") ? text.length : take("newline").end;
    return { address, version, constraints, hashes, start: begin.start, end, lineEnd };
  };
  const addresses = new Set<string>();
  const blocks: Block[] = [];
  while (!isNext("end")) {
    if (isNext("newline")) at++;
    else blocks.push(takeBlock());
  }
  return { path, text, blocks };
}

interface Token {
  readonly kind:
    "name" | "string" | "newline" | "end" | "unknown" | "{" | "}" | "[" | "]" | "=" | ",";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Blanks, comments and the byte order mark go. No text of a lock file has escapes or templates. */
const TOKEN =
  /(?<skipped>^\xef\xbb\xbf|[ \t]+|(?:#|\/\/)[^\n]*|\/\*[^]*?\*\/)|(?<newline>\r?\n)|(?<string>"(?:[^"\\\r\n$%]|[$%](?!\{))*")|(?<name>[A-Za-z_][\w-]*)|[{}[\]=,]/y;

/** The last one is the end, or else what is no token. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let isList = false;
  for (let start = 0; start < text.length;) {
    TOKEN.lastIndex = start;
    const match = TOKEN.exec(text);
    if (match === null) return [...tokens, { kind: "unknown", text: "", start, end: start }];
    const { skipped, newline, string, name } = match.groups ?? {};
    const [token] = match;
    const end = start + token.length;
    isList = token === "[" || (isList && token !== "]");
    // As in all of HCL, line ends count for nothing in brackets.
    if (skipped === undefined && !(isList && newline !== undefined)) {
      const kind = newline ? "newline" : string ? "string" : name ? "name" : token;
      tokens.push({ kind: kind as Token["kind"], text: token, start, end });
    }
    start = end;
  }
  return [...tokens, { kind: "end", text: "", start: text.length, end: text.length }];
}

/**
 * The lock file with this entry in it. Every other byte stays.
 *
 * An entry that already says the same, perhaps with further hashes, stays as it is; one with
 * another version, constraint or hash is replaced whole, since its hashes are of another package.
 */
export function mergeLockEntry(file: LockFile, entry: LockEntry): LockFile {
  const { path, text, blocks } = file;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const rendered = render(entry).replaceAll("\n", newline);
  const ours = blocks.find(({ address }) => address === entry.address);
  if (ours !== undefined) {
    const isSame =
      ours.version === entry.version &&
      ours.constraints === entry.constraints &&
      entry.hashes.every((hash) => ours.hashes.includes(hash));
    if (isSame) return file;
    return parseLockFile(text.slice(0, ours.start) + rendered + text.slice(ours.end), path);
  }
  const at = blocks.filter(({ address }) => address < entry.address).at(-1)?.lineEnd ?? text.length;
  const before = text.trim() === "" ? HEADER : text.slice(0, at);
  const gap = before.endsWith("\n") ? newline : newline + newline;
  return parseLockFile(before + gap + rendered + newline + text.slice(at), path);
}

function render({ address, version, constraints, hashes }: LockEntry): string {
  const lines = [...hashes].sort().map((hash) => `    "${hash}",\n`);
  const list = lines.length === 0 ? "" : `  hashes = [\n${lines.join("")}  ]\n`;
  return `provider "${address}" {
  version     = "${version}"
  constraints = "${constraints}"
${list}}`;
}
