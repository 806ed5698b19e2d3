import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { step } from "./process.mjs";
import { readZipEntry } from "./zip.mjs";

const ANSWER_TIMEOUT_MS = 15_000;
const DOWNLOAD_TIMEOUT_MS = 600_000;

/** Thrown where a release cannot be reached, as against one that is not what it should be. */
export class Unreachable extends Error {}

/**
 * Installs `file` of a release's zip archive as `output`.
 *
 * The archive must match the release's own SHA256SUMS and, where the caller pins one, `checksum`.
 */
export async function installRelease({ base, archive, sums, file, checksum, output }) {
  const bytes = await step(`Downloading ${base}/${archive}`, async () => {
    const listed = checksumIn((await download(`${base}/${sums}`)).toString(), archive);
    const got = await download(`${base}/${archive}`);
    const actual = createHash("sha256").update(got).digest("hex");
    if (actual !== listed) {
      throw new Error(`${archive} has SHA-256 ${actual}, but ${sums} says ${listed}.`);
    }
    if (checksum !== undefined && actual !== checksum) {
      throw new Error(`${archive} has SHA-256 ${actual}, but ${checksum} is pinned.`);
    }
    return got;
  });
  const draft = `${output}.${process.pid}`;
  mkdirSync(dirname(output), { recursive: true });
  try {
    writeFileSync(draft, readZipEntry(bytes, file));
    chmodSync(draft, 0o755);
    renameSync(draft, output);
  } finally {
    rmSync(draft, { force: true });
  }
}

function checksumIn(sums, archive) {
  for (const line of sums.split("\n")) {
    const [checksum, name] = line.trim().split(/\s+\*?/);
    if (name === archive) return checksum;
  }
  throw new Error(`The release's SHA256SUMS does not list ${archive}.`);
}

async function download(url) {
  const answered = new AbortController();
  const timer = setTimeout(() => answered.abort(), ANSWER_TIMEOUT_MS);
  const signal = AbortSignal.any([answered.signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { signal });
    clearTimeout(timer);
    if (!response.ok) throw new Unreachable(`${url} answers ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof Unreachable) throw error;
    throw new Unreachable(`${url} cannot be reached (${error.cause?.code ?? error.name})`);
  } finally {
    clearTimeout(timer);
  }
}
