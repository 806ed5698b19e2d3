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

  it("writes both layouts, and nothing twice", async () => {
    const args = ["install", "--mirror", "one", "--layout", "both"];
    const first = await person.json<Mirrored>(args);
    expect(first.files).toHaveLength(2 * ((1 + FILES.length) * PLATFORMS.length + 3));
    expect(first.files.every(({ written }) => written)).toBe(true);
    const again = await person.json<Mirrored>(args);
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
  it("takes the provider from either layout, with one hash, and starts it", async () => {
    const person = new Machine();
    person.write("main.tf", REQUIRED_PROVIDERS);
    const command = (...args: string[]) =>
      succeed(run(cli, [...args, "-no-color"], { cwd: person.folder, env: person.env }));
    const mirrored = (layout: string) =>
      person.json<Mirrored>(["install", "--mirror", "m", "--layout", layout]);
    person.write("../cli.tfrc", (await mirrored("packed")).configuration);
    await command("init");
    await command("validate");
    expect(person.read(".terraform.lock.hcl")).toContain(`"${HASH}"`);
    for (const folder of ["m", ".terraform"]) {
      rmSync(join(person.folder, folder), { recursive: true });
    }
    const { configuration } = await mirrored("unpacked");
    await command("init", "-lockfile=readonly");
    await command("validate");
    const { stdout } = await person.run(["install", "--mirror", "m", "--layout", "unpacked"]);
    expect(stdout.replace(/^ {2}/gm, "")).toContain(configuration);
  });
});
