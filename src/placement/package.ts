/** Packages of the provider, in Terraform's sense: the files that it is given for a platform. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROVIDER_ADDRESS } from "../facts.js";

export const PACKAGE = "terraform-provider-polyai";

/** A bare polyai/polyai is Terraform's to Terraform and OpenTofu's to OpenTofu. */
export const ADDRESSES: readonly string[] = [
  PROVIDER_ADDRESS,
  PROVIDER_ADDRESS.replace(/^[^/]+/, "registry.opentofu.org"),
];

/**
 * The platforms with a POSIX shell, which runs the launcher. All of them are served, so that a stack
 * synthesized on one machine deploys on another.
 */
const NODE_PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];

export interface PackageFile {
  readonly name: string;
  readonly content: Uint8Array;
}

export interface ProviderPackage {
  readonly version: string;
  /** Those that it is for, as OS_ARCH. */
  readonly platforms: readonly string[];
  readonly files: readonly PackageFile[];
  /** Terraform's h1 hash. */
  readonly hash: string;
  /** The file that Terraform would start, if it lies unpacked in this npm package. */
  readonly program?: string;
  /** The release's archive that it comes from, if it comes from one. */
  readonly archive?: Buffer;
}

/** The name of a package's zip archive, in a release and in a packed mirror. */
export const archiveName = (version: string, platform: string): string =>
  `${PACKAGE}_${version}_${platform}.zip`;

/** The names of such archives, by patterns for the version and the platform. */
export const archivePattern = (version: string, platform: string): RegExp =>
  new RegExp(`^${PACKAGE}_${version}_${platform}\\.zip$`);

/** True for the file of a package that Terraform starts. */
export const isProgram = (file: string): boolean => file.startsWith(`${PACKAGE}_v`);

export const modeOf = (file: string): number => (isProgram(file) ? 0o755 : 0o644);

/** This machine, as Terraform calls it. */
export function thisPlatform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
}

/**
 * The provider that this npm package carries, which runs on Node: the same files for every platform.
 *
 * @param from a folder inside the npm package; this module's own, if not given.
 * @throws if the npm package is not around that folder, or was not built.
 */
export function bundledPackage(from: string = __dirname): ProviderPackage {
  const { root, version } = npmPackage(from);
  const folder = join(root, "dist", "plugin");
  const program = join(folder, `${PACKAGE}_v${version}`);
  if (!existsSync(program)) {
    throw new Error(
      `The provider was not built: there is no ${program}. In a clone of ${PACKAGE}, run ` +
        "`npm run build`; installed from npm, install the package again.",
    );
  }
  const files = filesOf(folder);
  return { version, platforms: NODE_PLATFORMS, files, hash: hashOf(files), program };
}

/** The npm package around a folder. */
export function npmPackage(from: string = __dirname): { root: string; version: string } {
  for (let root = from; ; root = dirname(root)) {
    const file = join(root, "package.json");
    const { name, version = "" } = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string })
      : {};
    if (name === PACKAGE) return { root, version };
    if (root === dirname(root)) {
      throw new Error(
        `The package ${PACKAGE} was not found around ${from}. The constructs read the provider ` +
          "from their own package: if a bundler packs the CDK program into one file, mark " +
          `${PACKAGE}, cdktf (or cdktn) and constructs as external.`,
      );
    }
  }
}

/** The files of a package's folder. */
export const filesOf = (folder: string): readonly PackageFile[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, content: readFileSync(join(folder, name)) }));

/**
 * Terraform's h1 hash of a package, as `.terraform.lock.hcl` has it: SHA-256 over a line
 * `hex(sha256(file))  name` for each file, in order of name.
 */
export function hashOf(files: readonly PackageFile[]): string {
  const lines = [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, content }) => `${sha256(content).digest("hex")}  ${name}\n`);
  return `h1:${sha256(lines.join("")).digest("base64")}`;
}

export const sha256 = (content: Uint8Array | string) => createHash("sha256").update(content);
