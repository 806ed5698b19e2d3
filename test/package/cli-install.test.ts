/** `install`, and then Terraform and OpenTofu as a person runs them: no registry, no network. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { filesOf, hashOf } from "../../src/placement/package.js";
import { describeForEachCli, succeed, type Cli } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { blocksOf } from "../support/markdown.js";
import { filesIn } from "../support/temporary-folder.js";
import {
  PLUGIN_FOLDER,
  PLUGIN_NAME,
  PROVIDER_VERSION,
  REQUIRED_PROVIDERS,
} from "../support/workspace.js";
import { zipOf } from "../support/zip.js";

const HOSTS = ["registry.opentofu.org", "registry.terraform.io"];
const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];
const FILES = readdirSync(PLUGIN_FOLDER).sort();
const archive = (platform: string) =>
  `terraform-provider-polyai_${PROVIDER_VERSION}_${platform}.zip`;
/** Of each platform's package, in either layout. */
const HASH = hashOf(filesOf(PLUGIN_FOLDER));

interface Installed {
  readonly folder: string;
  readonly layout?: string;
  readonly platforms: readonly string[];
  readonly files: readonly { readonly path: string; readonly written: boolean }[];
  readonly configuration: string;
  readonly overruledBy?: string;
}
const written = ({ files }: Installed) => new Set(files.map((file) => file.written));

/** The files of each registry's provider in a folder of plugins. */
const ofEach = (names: readonly string[]) =>
  HOSTS.flatMap((host) => names.map((name) => `${host}/polyai/polyai/${name}`));

let person: Machine;
let plugins: string;
beforeEach(() => {
  person = new Machine();
  plugins = join(person.home, ".terraform.d/plugins");
});

describe("install", () => {
  it("puts the provider into ~/.terraform.d/plugins, for both registries and every platform, once, beside others", async () => {
    const first = await person.json<Installed>(["install"]);
    expect(first).toMatchObject({ ok: true, version: PROVIDER_VERSION, folder: plugins });
    expect([first.platforms, written(first)]).toEqual([PLATFORMS, new Set([true])]);
    const packages = PLATFORMS.flatMap((platform) =>
      FILES.map((file) => `${PROVIDER_VERSION}/${platform}/${file}`),
    );
    expect(filesIn(plugins)).toEqual(ofEach([".gitattributes", ...packages]));

    const others = ["polyai/polyai/0.0.1", "acme"].map((name) => join(plugins, HOSTS[0]!, name));
    for (const kept of others) mkdirSync(kept);
    expect(written(await person.json<Installed>(["install"]))).toEqual(new Set([false]));
    expect(others.map((kept) => existsSync(kept))).toEqual([true, true]);
    expect((await person.run(["install"])).stdout).toContain("was installed already");
  });

  it("prints the lines of HCL that README has", async () => {
    const { stdout } = await person.run(["install"]);
    const [program] = blocksOf("README.md").filter(({ language }) => language === "hcl");
    // Each has words of its own for what to put in.
    const plain = (text: string) => text.replace(/^ +| += "[^/"]*".*$/gm, "");
    expect(plain(stdout)).toContain(plain(program!.text));
  });

  it("is taken back by --uninstall, with the folders that it made", async () => {
    await person.run(["install"]);
    const { stdout } = await person.run(["install", "--uninstall"]);
    expect(stdout.match(/^Removed /gm)).toHaveLength(2);
    expect(existsSync(join(person.home, ".terraform.d"))).toBe(false);
    expect(await person.json(["install", "--uninstall"])).toEqual({ ok: true, removed: [] });
  });

  it("says where a CLI configuration overrules it, and what to add", async () => {
    const file = join(person.home, "cli.tfrc");
    person.write("../cli.tfrc", "provider_installation {\n  direct {}\n}\n");
    const { stdout, code } = await person.run(["install"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`But ${file} has a provider_installation block`);
    expect(stdout).toContain(`path = "${plugins}"`);
    expect(await person.json(["install"])).toMatchObject({ overruledBy: file });
  });

  it("removes nothing behind a link, and leaves what is not the provider's", async () => {
    await person.run(["install"]);
    const provider = join(plugins, "registry.terraform.io/polyai/polyai");
    writeFileSync(join(provider, "notes"), "mine");
    await person.run(["install", "--uninstall"]);
    expect(filesIn(provider)).toEqual(["notes"]);
    rmSync(provider, { recursive: true });
    symlinkSync(person.folder, provider);
    mkdirSync(join(person.folder, "1.0.0/linux_amd64"), { recursive: true });
    person.write("1.0.0/linux_amd64/main.cjs", "mine");
    for (const args of [["install"], ["install", "--uninstall"]]) {
      const { code, stderr } = await person.run(args);
      expect([code, stderr]).toEqual([1, expect.stringContaining("is a symbolic link")]);
    }
    expect(person.read("1.0.0/linux_amd64/main.cjs")).toBe("mine");
  });
});

describe("install --mirror", () => {
  const mirror = (...args: readonly string[]) =>
    person.json<Installed>(["install", "--mirror", "m", ...args]);

  const ofTerraform = "m/registry.terraform.io/polyai/polyai";
  const index = (name: string): unknown => JSON.parse(person.read(`${ofTerraform}/${name}`));

  it("has an archive for each platform, and the index of a network mirror, with earlier versions", async () => {
    const { folder, layout, platforms } = await mirror();
    expect([folder, layout, platforms]).toEqual([join(person.folder, "m"), "packed", PLATFORMS]);
    const version = `${PROVIDER_VERSION}.json`;
    expect(filesIn(folder)).toEqual(ofEach([version, "index.json", ...PLATFORMS.map(archive)]));
    expect(index("index.json")).toEqual({ versions: { [PROVIDER_VERSION]: {} } });
    const archives = PLATFORMS.map((each) => [each, { hashes: [HASH], url: archive(each) }]);
    expect(index(version)).toEqual({ archives: Object.fromEntries(archives) });
    person.write(`${ofTerraform}/index.json`, '{"versions":{"0.0.1":{}}}');
    await mirror();
    const versions = { "0.0.1": {}, [PROVIDER_VERSION]: {} };
    expect(index("index.json")).toEqual({ versions });
  });

  it("writes both layouts, and nothing twice", async () => {
    const first = await mirror("--layout", "both");
    expect(first.files).toHaveLength(2 * ((1 + FILES.length) * PLATFORMS.length + 3));
    expect(written(first)).toEqual(new Set([true]));
    expect(written(await mirror("--layout", "both"))).toEqual(new Set([false]));
  });

  it("has the archives that --from names, byte by byte", async () => {
    const windows = zipOf({ [`${PLUGIN_NAME}.exe`]: "MZ", "LICENSE.txt": "x" });
    writeFileSync(join(person.folder, archive("windows_amd64")), windows);
    writeFileSync(join(person.folder, archive("linux_arm64")), zipOf({ [PLUGIN_NAME]: "ELF" }));
    const names = ["linux_arm64", "windows_amd64"];
    // One by one, as they are downloaded: an archive takes no other's place.
    for (const each of names) {
      expect((await mirror("--from", archive(each))).platforms).toEqual([each]);
    }
    const { archives } = index(`${PROVIDER_VERSION}.json`) as { readonly archives: object };
    expect(Object.keys(archives)).toEqual(names);
    const both = await mirror(...names.flatMap((each) => ["--from", archive(each)]));
    expect(written(both)).toEqual(new Set([false]));
    const placed = join(person.folder, ofTerraform, archive("windows_amd64"));
    expect(readFileSync(placed)).toEqual(windows);
    // The index offers no archive that is gone.
    rmSync(placed);
    await mirror("--from", archive("linux_arm64"));
    const left = index(`${PROVIDER_VERSION}.json`) as { readonly archives: object };
    expect(Object.keys(left.archives)).toEqual(["linux_arm64"]);
  });

  it("says in one sentence that it cannot write there", async () => {
    person.write("file", "");
    const { code, stderr } = await person.run(["install", "--mirror", "file"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]*(ENOTDIR|EEXIST)[^\n]*\n$/);
  });
});

describeForEachCli((cli: Cli) => {
  const command = (...args: readonly string[]) =>
    succeed(person.start(cli.path, [...args, "-no-color"]));
  const FOUND = new RegExp(`Installed .*polyai/polyai v${PROVIDER_VERSION}`);

  // Elsewhere, these variables say nothing to Terraform.
  if (process.platform === "linux") {
    it.each([
      [{ XDG_CONFIG_HOME: "~/config" }, ".local/share/terraform/plugins"],
      [{ XDG_DATA_HOME: "~/data" }, "data/terraform/plugins"],
    ])("finds it with %j, and by a bare source", async (env, folder) => {
      person = new Machine(env);
      const installed = await person.json<Installed>(["install"]);
      expect(installed.folder).toBe(join(person.home, folder));
      expect(existsSync(join(person.home, ".terraform.d"))).toBe(false);
      // To OpenTofu, this means another registry than to Terraform.
      person.write("main.tf", REQUIRED_PROVIDERS.replace("registry.terraform.io/", ""));
      expect((await command("init")).stdout).toMatch(FOUND);
    });
  }

  it("takes the provider from either layout of a mirror, with one hash, and starts it", async () => {
    person.write("main.tf", REQUIRED_PROVIDERS);
    const mirrored = ["install", "--mirror", "m", "--layout"];
    const { configuration } = await person.json<Installed>([...mirrored, "packed"]);
    person.write("../cli.tfrc", configuration);
    await command("init");
    await command("validate");
    expect(person.read(".terraform.lock.hcl")).toContain(`"${HASH}"`);
    for (const gone of ["m", ".terraform"]) rmSync(join(person.folder, gone), { recursive: true });
    const { stdout } = await person.run([...mirrored, "unpacked"]);
    expect(stdout.replace(/^ {2}/gm, "")).toContain(configuration);
    await command("init", "-lockfile=readonly");
    await command("validate");
  });
});
