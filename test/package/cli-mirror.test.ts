/** `install --mirror`, and then Terraform and OpenTofu with the CLI configuration that it prints. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeForEachCli, run, succeed, type Cli } from "../support/cli.js";
import { PLUGIN_FOLDER, PROVIDER_VERSION, REQUIRED_PROVIDERS } from "../support/workspace.js";
import { readZip, zipOf } from "../support/zip.js";
import { Machine } from "../support/machine.js";

const HOSTS = ["registry.opentofu.org", "registry.terraform.io"];
const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];
const NAME = `terraform-provider-polyai_v${PROVIDER_VERSION}`;
const FILES = readdirSync(PLUGIN_FOLDER).sort();
const own = (file: string) => readFileSync(join(PLUGIN_FOLDER, file));
interface Mirrored {
  readonly folder: string;
  readonly layout: string;
  readonly platforms: readonly string[];
  readonly files: readonly { readonly path: string; readonly written: boolean }[];
  readonly configuration: string;
}

/** Names and contents of a folder's files. */
const contents = (folder: string): Readonly<Record<string, Buffer>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(folder.length + 1), readFileSync(file)]),
  );

const sha256 = (content: Buffer | string) => createHash("sha256").update(content);
/** Of each platform's package, in either layout. */
const HASH = `h1:${sha256(FILES.map((file) => `${sha256(own(file)).digest("hex")}  ${file}\n`).join("")).digest("base64")}`;

const digests = (folder: string) =>
  Object.entries(contents(folder)).map(([name, content]) => [name, sha256(content).digest("hex")]);

const archive = (platform: string) =>
  `terraform-provider-polyai_${PROVIDER_VERSION}_${platform}.zip`;

describe("install --mirror", () => {
  const person = new Machine();

  it("has an archive for each platform, and the index of a network mirror", async () => {
    const { folder, layout, platforms } = await person.json<Mirrored>([
      "install",
      "--mirror",
      "packed",
    ]);
    expect({ folder, layout, platforms }).toEqual({
      folder: join(person.folder, "packed"),
      layout: "packed",
      platforms: PLATFORMS,
    });
    const files = contents(folder);
    expect(Object.keys(files)).toEqual(
      HOSTS.flatMap((host) =>
        [`${PROVIDER_VERSION}.json`, "index.json", ...PLATFORMS.map(archive)].map(
          (name) => `${host}/polyai/polyai/${name}`,
        ),
      ),
    );
    for (const [name, content] of Object.entries(files)) {
      if (!name.endsWith(".zip")) continue;
      const zipped = readZip(content);
      expect(zipped.map((file) => file.name)).toEqual(FILES);
      expect(zipped.every(({ name: file, bytes }) => bytes.equals(own(file)))).toBe(true);
    }
    const ours = (name: string): unknown =>
      JSON.parse(files[`registry.terraform.io/polyai/polyai/${name}`]!.toString());
    expect(ours("index.json")).toEqual({ versions: { [PROVIDER_VERSION]: {} } });
    expect(ours(`${PROVIDER_VERSION}.json`)).toEqual({
      archives: Object.fromEntries(
        PLATFORMS.map((platform) => [platform, { hashes: [HASH], url: archive(platform) }]),
      ),
    });
  });

  it("has the same bytes each time, and writes nothing twice", async () => {
    const [one, two] = await Promise.all(
      ["one", "two"].map((name) =>
        person.json<Mirrored>(["install", "--mirror", name, "--layout", "both"]),
      ),
    );
    expect(digests(one!.folder)).toEqual(digests(two!.folder));
    expect(one!.files).toHaveLength(2 * ((1 + FILES.length) * PLATFORMS.length + 2));
    expect(one!.files.every(({ written }) => written)).toBe(true);
    const again = await person.json<Mirrored>(["install", "--mirror", "one", "--layout", "both"]);
    expect(again.files.some(({ written }) => written)).toBe(false);
  });

  it("keeps in its index the versions that were there", async () => {
    await person.run(["install", "--mirror", "grown"]);
    const index = "grown/registry.terraform.io/polyai/polyai/index.json";
    person.write(index, '{"versions":{"0.0.1":{}}}');
    await person.run(["install", "--mirror", "grown"]);
    expect(JSON.parse(readFileSync(join(person.folder, index), "utf8"))).toEqual({
      versions: { "0.0.1": {}, [PROVIDER_VERSION]: {} },
    });
  });

  it("has the archives that --from names, byte by byte", async () => {
    const owner = new Machine();
    const windows = zipOf({ [`${NAME}.exe`]: "MZ", "LICENSE.txt": "x" });
    writeFileSync(join(owner.folder, archive("windows_amd64")), windows);
    writeFileSync(join(owner.folder, archive("linux_arm64")), zipOf({ [NAME]: "ELF" }));
    const from = ["linux_arm64", "windows_amd64"].flatMap((each) => ["--from", archive(each)]);
    const mirrored = await owner.json<Mirrored>(["install", "--mirror", "m", ...from]);
    expect(mirrored.platforms).toEqual(["linux_arm64", "windows_amd64"]);
    const files = contents(mirrored.folder);
    expect(files[`registry.terraform.io/polyai/polyai/${archive("windows_amd64")}`]).toEqual(
      windows,
    );
  });

  it("says in one sentence that it cannot write there", async () => {
    person.write("file", "");
    const { code, stderr } = await person.run(["install", "--mirror", "file"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]*(ENOTDIR|EEXIST)[^\n]*\n$/);
  });
});

describeForEachCli((cli: Cli) => {
  it.each(["packed", "unpacked"])(
    "takes the provider from the %s layout, and starts it",
    async (layout) => {
      const person = new Machine();
      const { configuration } = await person.json<Mirrored>([
        "install",
        "--mirror",
        "m",
        "--layout",
        layout,
      ]);
      const printed = (await person.run(["install", "--mirror", "m", "--layout", layout])).stdout;
      expect(printed.replace(/^ {2}/gm, "")).toContain(configuration);
      person.write("../cli.tfrc", configuration);
      person.write("main.tf", REQUIRED_PROVIDERS);
      const command = async (...args: string[]) =>
        succeed(run(cli, [...args, "-no-color"], { cwd: person.folder, env: person.env }));
      await command("init");
      await command("validate");
      const lock = readFileSync(join(person.folder, ".terraform.lock.hcl"), "utf8");
      expect(lock).toContain(`"${HASH}"`);
      // One hash for all platforms, packed or not.
      const other = layout === "packed" ? "unpacked" : "packed";
      rmSync(join(person.folder, "m"), { recursive: true });
      rmSync(join(person.folder, ".terraform"), { recursive: true });
      await person.json<Mirrored>(["install", "--mirror", "m", "--layout", other]);
      await command("init", "-lockfile=readonly");
    },
  );
});
