/** Stacks and folders that get the executables of a release. */
import { App, Manifest, TerraformStack } from "cdktf";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PolyaiProvider, PolyWebhookSecret } from "../../lib/index.js";
import { choosePackages } from "../../src/placement/release-zip.js";
import { filesOf, hashOf, sha256 } from "../../src/placement/package.js";
import { placeBeside } from "../../src/placement/place.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { zipOf } from "../support/zip.js";
import { PLUGIN_NAME, PROVIDER_VERSION } from "../support/workspace.js";
import { testStack } from "./stack-fixture.js";

const MIRROR = `terraform.d/plugins/registry.terraform.io/polyai/polyai/${PROVIDER_VERSION}`;
const nameFor = (platform: string, version = PROVIDER_VERSION) =>
  `terraform-provider-polyai_${version}_${platform}.zip`;

/** Writes an archive as a release has it. */
function release(
  name = nameFor("linux_arm64"),
  files: Readonly<Record<string, string>> = { [PLUGIN_NAME]: "ELF", "LICENSE.txt": "Licence." },
): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, zipOf(files));
  return file;
}

const sums = (file: string) =>
  join(file, `../terraform-provider-polyai_${PROVIDER_VERSION}_SHA256SUMS`);

describe("a release's archive", () => {
  it("gives what it holds for its platform, executable, and the hash for the lock file", () => {
    const folder = temporaryFolder();
    const [found] = choosePackages([release()]);
    placeBeside(folder, [found!]);
    const placed = join(folder, MIRROR, "linux_arm64");
    expect(readdirSync(placed).sort()).toEqual(["LICENSE.txt", PLUGIN_NAME]);
    expect(readFileSync(join(placed, PLUGIN_NAME), "utf8")).toBe("ELF");
    expect(statSync(join(placed, PLUGIN_NAME)).mode & 0o777).toBe(0o755);
    const lock = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
    expect(lock).toContain(`"${hashOf(filesOf(placed))}"`);
  });

  it("takes the place of the script, and the script its place", () => {
    const folder = temporaryFolder();
    placeBeside(folder, choosePackages([]));
    placeBeside(folder, choosePackages([release()]));
    expect(readdirSync(join(folder, MIRROR))).toEqual(["linux_arm64"]);
    expect(readdirSync(join(folder, MIRROR, "linux_arm64"))).toHaveLength(2);
    placeBeside(folder, choosePackages([]));
    expect(readdirSync(join(folder, MIRROR))).toHaveLength(4);
    expect(readdirSync(join(folder, MIRROR, "linux_arm64"))).not.toContain("LICENSE.txt");
  });

  it("is taken if the SHA256SUMS beside it names it, and refused if not", () => {
    const file = release();
    const line = `${sha256(readFileSync(file)).digest("hex")}  ${nameFor("linux_arm64")}\n`;
    writeFileSync(sums(file), `${"0".repeat(64)}  other.zip\n${line}`);
    expect(choosePackages([file])).toHaveLength(1);
    writeFileSync(sums(file), line.replace(/^./, line.startsWith("0") ? "1" : "0"));
    expect(() => choosePackages([file])).toThrow(/SHA256SUMS names: download both again/);
  });

  it.each<[string, string, Readonly<Record<string, string>> | undefined, RegExp]>([
    ["of another name", "provider.zip", undefined, /is no release of the provider/],
    ["of another version", nameFor("linux_amd64", "9.9.9"), undefined, /is of version 9\.9\.9/],
    ["without the provider", nameFor("linux_amd64"), { "LICENSE.txt": "" }, /does not hold/],
    [
      "with another version's provider",
      nameFor("linux_amd64"),
      { "terraform-provider-polyai_v9.9.9": "" },
      /holds "terraform-provider-polyai_v9\.9\.9", which no release has/,
    ],
  ])("%s is refused", (_, name, files, message) => {
    const file = release(name, files);
    expect(() => choosePackages([file])).toThrow(message);
  });

  it.each(["../up", "/abs", "a/b", "..\\up", ".hidden"])("with the path %s is refused", (path) => {
    const file = release(nameFor("linux_amd64"), { [PLUGIN_NAME]: "ELF", [path]: "" });
    expect(() => choosePackages([file])).toThrow(/which no release has/);
  });

  it("that is not there, or no archive, is refused", () => {
    expect(() => choosePackages([`/nowhere/${nameFor("linux_amd64")}`])).toThrow(
      /There is no file/,
    );
    const file = join(temporaryFolder(), nameFor("linux_amd64"));
    writeFileSync(file, "cut short");
    expect(() => choosePackages([file])).toThrow(
      /amd64\.zip is no zip archive, or is cut: download it again\.$/,
    );
  });
});

describe("a stack with releaseZips", () => {
  it("gets the executables of each, and no script", () => {
    const app = new App({ outdir: temporaryFolder() });
    const stack = new TerraformStack(app, "one");
    new PolyWebhookSecret(stack, "Alerts", { endpointId: "whe_1a2b3c" });
    new PolyaiProvider(stack, "us");
    const windows = { [`${PLUGIN_NAME}.exe`]: "MZ" };
    const releaseZips = [release(), release(nameFor("windows_amd64"), windows)];
    new PolyaiProvider(stack, "uk", { alias: "uk", region: "uk", releaseZips });
    app.synth();
    const folder = join(app.outdir, Manifest.stacksFolder, "one");
    expect(readdirSync(join(folder, MIRROR))).toEqual(["linux_arm64", "windows_amd64"]);
    const lock = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
    expect(lock.match(/"h1:/g)).toHaveLength(2);
    // A setting of the construct, which Terraform knows nothing of.
    expect(readFileSync(join(folder, "cdk.tf.json"), "utf8")).not.toContain("elease");
  });

  it("cannot be told others by another provider block", () => {
    const stack = testStack("one");
    new PolyaiProvider(stack, "us", { releaseZips: ["a.zip"] });
    expect(() => new PolyaiProvider(stack, "uk", { alias: "uk", releaseZips: ["b.zip"] })).toThrow(
      "one has provider blocks with the releaseZips a.zip and b.zip",
    );
  });
});
