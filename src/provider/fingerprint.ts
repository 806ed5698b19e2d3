import { createHash } from "node:crypto";

/** First 16 hex digits of SHA-256 of the secret: safe to show and to compare. */
export const fingerprintOf = (secret: string): string =>
  createHash("sha256").update(secret, "utf8").digest("hex").slice(0, 16);
