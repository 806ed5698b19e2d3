import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * Terraform's h1 hash of a package's folder, as `.terraform.lock.hcl` has it: SHA-256 over a line
 * `hex(sha256(file))  name` for each file, in order of name.
 */
export function hashOf(folder: string): string {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
  const lines = names.map(
    (name) => `${sha256(readFileSync(join(folder, name))).digest("hex")}  ${name}\n`,
  );
  return `h1:${sha256(lines.join("")).digest("base64")}`;
}

const sha256 = (content: Buffer | string) => createHash("sha256").update(content);
