import { createHash } from "node:crypto";

/**
 * Terraform's h1 hash of a package's folder, as `.terraform.lock.hcl` has it: SHA-256 over a line
 * `hex(sha256(file))  name` for each file, in order of name.
 *
 * @param read gives the content of the file of a name
 */
export function packageHash(names: readonly string[], read: (name: string) => Buffer): string {
  const lines = [...names].sort().map((name) => `${sha256(read(name)).digest("hex")}  ${name}\n`);
  return `h1:${sha256(lines.join("")).digest("base64")}`;
}

const sha256 = (content: Buffer | string) => createHash("sha256").update(content);
