/** The npm packages that hold the provider as an executable, one for each platform. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { PackageFiles } from "./bundled-plugin.js";

const PACKAGE = "terraform-provider-polyai";
/** As npm has them, by Terraform's names. */
const PLATFORMS: Readonly<Record<string, string>> = {
  darwin_amd64: "darwin-x64",
  darwin_arm64: "darwin-arm64",
  linux_amd64: "linux-x64",
  linux_arm64: "linux-arm64",
  windows_amd64: "win32-x64",
};

/** The package for one platform; the release's archive has the same hash. */
export interface ExecutablePackage extends PackageFiles {
  /** OS_ARCH, in Terraform's words. */
  readonly platform: string;
}

/**
 * The executables that are installed beside this package, or beside the program that uses it.
 *
 * @param version of this package: theirs must be the same.
 * @param from folders to look from, as `require` does; this module's own, the current one and the
 * program's, if not given.
 * @returns them, in order of platform.
 * @throws where none is installed, or one of another version; the message says what to install.
 */
export function installedExecutables(
  version: string,
  from: readonly string[] = [__dirname, process.cwd(), ...programFolder()],
): readonly ExecutablePackage[] {
  const installed = Object.entries(PLATFORMS).flatMap(([platform, suffix]) => {
    const root = findPackage(`${PACKAGE}-${suffix}`, from);
    return root === undefined ? [] : [readPackage(root, platform)];
  });
  const other = installed.find((each) => each.version !== version);
  if (other !== undefined) {
    const name = nameFor(other.platform);
    throw new Error(
      `${name} is installed in version ${other.version}, and ${PACKAGE} in ${version}; they must be ` +
        `the same. Run: npm install ${name}@${version}`,
    );
  }
  if (installed.length === 0) {
    throw new Error(
      `No executable of the provider is installed. Add the package of each platform that Terraform ` +
        `runs on to the project's optionalDependencies, such as ${nameFor(thisPlatform())}@${version} ` +
        "for this machine, and install again; or leave the runtime out, and the provider runs on Node.",
    );
  }
  return installed;
}

const nameFor = (platform: string): string => `${PACKAGE}-${PLATFORMS[platform] ?? "linux-x64"}`;

const thisPlatform = (): string =>
  Object.entries(PLATFORMS).find(
    ([, suffix]) => suffix === `${process.platform}-${process.arch}`,
  )?.[0] ?? "linux_amd64";

const programFolder = (): readonly string[] =>
  process.argv[1] === undefined ? [] : [dirname(process.argv[1])];

function findPackage(name: string, from: readonly string[]): string | undefined {
  for (const folder of from) {
    // The paths that node would try; no exports map and no main file have a say.
    const places = createRequire(join(folder, "_")).resolve.paths(name) ?? [];
    const place = places.find((each) => existsSync(join(each, name, "package.json")));
    if (place !== undefined) return join(place, name);
  }
  return undefined;
}

function readPackage(root: string, platform: string): ExecutablePackage {
  const { version, terraform } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
    terraform: { hash: string };
  };
  const folder = join(root, "bin");
  return { platform, folder, files: readdirSync(folder).sort(), version, hash: terraform.hash };
}
