import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file so that another process reads the old text or the new one, never half of it. */
export function writeWhole(file, text, options) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, options);
  renameSync(draft, file);
}
