import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { archiveName, archivePattern, bundledPackage, hashOf, npmPackage } from "./package.js";
import { PACKAGE, sha256, type PackageFile, type ProviderPackage } from "./package.js";
import { unzip } from "./zip.js";

/**
 * The packages to place: those in the release's archives, if any are named, else the one that this
 * npm package carries.
 */
export const choosePackages = (zips: readonly string[]): readonly ProviderPackage[] =>
  zips.length === 0
    ? [bundledPackage()]
    : zips.map((file) => releasePackage(resolve(file), npmPackage().version));

/**
 * The package in a release's zip archive, `terraform-provider-polyai_VERSION_OS_ARCH.zip`. If the
 * release's SHA256SUMS is beside it, the archive must be the one that is named there.
 *
 * @param version of this npm package: the archive's must be the same.
 * @throws if it is no such archive; the message says why.
 */
function releasePackage(file: string, version: string): ProviderPackage {
  const name = basename(file);
  const [, ofZip, platform] = archivePattern("([^_]+)", "([a-z0-9]+_[a-z0-9]+)").exec(name) ?? [];
  if (ofZip === undefined || platform === undefined) {
    throw new Error(
      `${file} is no release of the provider: it would be named ${archiveName(version, "OS_ARCH")}.`,
    );
  }
  if (ofZip !== version) {
    throw new Error(
      `${file} is of version ${ofZip}, and this package is ${version}: take the same version of both.`,
    );
  }
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const archive = readFileSync(file);
  checkSum(join(dirname(file), `${PACKAGE}_${version}_SHA256SUMS`), name, archive);
  const program = `${PACKAGE}_v${version}${platform.startsWith("windows_") ? ".exe" : ""}`;
  const files = filesIn(archive, file);
  const names = files.map((each) => each.name);
  const other = names.find((each) => each !== program && !/^[A-Z-]+\.txt$/.test(each));
  if (other !== undefined) {
    throw new Error(`${file} holds ${JSON.stringify(other)}, which no release has.`);
  }
  if (!names.includes(program)) throw new Error(`${file} does not hold ${program}.`);
  return { version, platforms: [platform], files, hash: hashOf(files), archive };
}

function filesIn(archive: Buffer, file: string): readonly PackageFile[] {
  try {
    return unzip(archive);
  } catch {
    throw new Error(`${file} is no zip archive, or is cut: download it again.`);
  }
}

function checkSum(sums: string, name: string, archive: Buffer): void {
  if (!existsSync(sums)) return;
  const line = `${sha256(archive).digest("hex")}  ${name}`;
  if (readFileSync(sums, "utf8").split(/\r?\n/).includes(line)) return;
  throw new Error(`${name} is not the archive that ${sums} names: download both again.`);
}
