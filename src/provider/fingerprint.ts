import { createHash } from "node:crypto";

/** First 16 hex digits of SHA-256 of the secret: safe to show and to compare. */
export const fingerprintOf = (secret: string): string =>
  createHash("sha256").update(secret, "utf8").digest("hex").slice(0, 16);

/** The first 48 bits of a fingerprint: a number that TypeScript and Terraform hold exactly. */
export const versionOf = (fingerprint: string): number =>
  Number.parseInt(fingerprint.slice(0, 12), 16);

/** The attributes of a secret that anybody may see. */
export function shownOf(secret: string) {
  const fingerprint = fingerprintOf(secret);
  return { fingerprint, signing_secret_version: versionOf(fingerprint) };
}
