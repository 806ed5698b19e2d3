/**
 * Keeps what V8 compiled between the processes of one user, of which Terraform starts several for
 * each command.
 *
 * Compiled code is trusted as code is. So it is read only from a folder that belongs to this user
 * and that nobody else can enter, from a file that does, too, and only as it was written: V8 itself
 * does not notice a changed byte. Whatever stands in the way of that, the code is compiled anew.
 *
 * NODE_DISABLE_COMPILE_CACHE switches it off, as it does node's own.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

export interface Code {
  /** Names it in stack traces and in the cache. */
  readonly name: string;
  /** The body of a function. */
  readonly text: string;
  readonly parameters: readonly string[];
  /** Different for every other text: V8 compares no more than lengths. */
  readonly key: string;
}

const DIGEST_LENGTH = 32;
/** What no process has written anew for so long, in milliseconds, is of a version that is gone. */
const MAX_AGE = 90 * 24 * 60 * 60 * 1000;

/** The function that the code is, from the cache where it can be had there. */
export function compile(
  { name, text, parameters, key }: Code,
  folder = cacheFolder(process.env),
): (...values: readonly unknown[]) => unknown {
  const file = folder && join(folder, `${name}-${key}-${process.version}-${process.arch}`);
  const cachedData = file && read(file);
  const script = new Script(`(function (${parameters.join(",")}) {${text}\n})`, {
    filename: name,
    ...(cachedData && { cachedData }),
  });
  if (file !== undefined && (cachedData === undefined || script.cachedDataRejected === true)) {
    // By then V8 has compiled what a process like this one uses.
    process.once("exit", () => write(file, script.createCachedData()));
  }
  return script.runInThisContext() as ReturnType<typeof compile>;
}

/**
 * Where the cache is, whether or not it is there yet. `undefined` where there is to be none, and
 * where the home folder is not this user's, as under sudo.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv): string | undefined {
  const { HOME: home, XDG_CACHE_HOME: xdg, NODE_DISABLE_COMPILE_CACHE: off } = environment;
  if (off || !home) return undefined;
  try {
    if (!isOwn(lstatSync(home, { throwIfNoEntry: false }))) return undefined;
  } catch {
    return undefined;
  }
  const base =
    xdg || join(home, ...(process.platform === "darwin" ? ["Library", "Caches"] : [".cache"]));
  return join(base, "terraform-provider-polyai", "compiled");
}

const isOwn = (stats: Stats | undefined): boolean =>
  stats !== undefined && stats.uid === process.getuid?.();

const isOnlyOwn = (stats: Stats): boolean => isOwn(stats) && (stats.mode & 0o077) === 0;

const read = (file: string): Buffer | undefined => {
  try {
    const folder = lstatSync(dirname(file));
    if (!folder.isDirectory() || !isOnlyOwn(folder)) return undefined;
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile() || !isOnlyOwn(stats)) return undefined;
      const bytes = readFileSync(descriptor);
      const data = bytes.subarray(DIGEST_LENGTH);
      return digest(data).equals(bytes.subarray(0, DIGEST_LENGTH)) ? data : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
};

const write = (file: string, data: Buffer): void => {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    if (!stats.isDirectory() || !isOnlyOwn(stats)) return;
    // Under another name first: a process that starts meanwhile finds all of it or nothing.
    const made = `${file}.${String(process.pid)}`;
    writeFileSync(made, Buffer.concat([digest(data), data]), { flag: "wx", mode: 0o600 });
    renameSync(made, file);
    removeOld(folder);
  } catch {
    // A home that cannot be written to is no fault; the next process compiles, too.
  }
};

const removeOld = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - lstatSync(path).mtimeMs > MAX_AGE) rmSync(path, { force: true });
  }
};

const digest = (data: Buffer): Buffer => createHash("sha256").update(data).digest();
