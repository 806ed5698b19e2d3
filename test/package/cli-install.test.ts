/** `install`, and then Terraform and OpenTofu as a person runs them: no registry, no network. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, run, succeed, type Cli } from "../support/cli.js";
import { PLUGIN_FOLDER, PROVIDER_VERSION } from "../support/workspace.js";
import { Machine } from "../support/machine.js";

const HOSTS = ["registry.terraform.io", "registry.opentofu.org"];
const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];
const LAUNCHER = `terraform-provider-polyai_v${PROVIDER_VERSION}`;
const FILES = readdirSync(PLUGIN_FOLDER);
const own = (file: string) => readFileSync(join(PLUGIN_FOLDER, basename(file)));

interface Installed {
  readonly ok: boolean;
  readonly version: string;
  readonly folder: string;
  readonly platforms: readonly string[];
  readonly files: readonly { readonly path: string; readonly written: boolean }[];
  readonly overruledBy?: string;
}

/** Every file that an installation has, in a folder of plugins. */
const expected = (folder: string) =>
  HOSTS.map((host) => join(folder, host, "polyai/polyai"))
    .flatMap((at) => [
      join(at, ".gitattributes"),
      ...PLATFORMS.flatMap((platform) =>
        FILES.map((file) => join(at, PROVIDER_VERSION, platform, file)),
      ),
    ])
    .sort();

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

describe("install", () => {
  it("puts the provider into ~/.terraform.d/plugins, for both registries and every platform, once, beside others", async () => {
    const person = new Machine();
    const folder = join(person.home, ".terraform.d/plugins");
    const first = await person.json<Installed>(["install"]);
    expect(first).toMatchObject({
      ok: true,
      version: PROVIDER_VERSION,
      folder,
      platforms: PLATFORMS,
    });
    expect(first.files.every(({ written }) => written)).toBe(true);
    expect(filesIn(folder)).toEqual(expected(folder));
    for (const file of filesIn(folder).filter((each) => !each.endsWith(".gitattributes"))) {
      expect(readFileSync(file).equals(own(file))).toBe(true);
      expect(statSync(file).mode & 0o777).toBe(basename(file) === LAUNCHER ? 0o755 : 0o644);
    }

    const older = join(folder, HOSTS[0]!, "polyai/polyai/0.0.1");
    const other = join(folder, HOSTS[0]!, "acme");
    for (const kept of [older, other]) mkdirSync(kept);
    const again = await person.json<Installed>(["install"]);
    expect(again.files.some(({ written }) => written)).toBe(false);
    expect([older, other].map((kept) => existsSync(kept))).toEqual([true, true]);
    expect((await person.run(["install"])).stdout).toContain("was installed already");
  });

  it("is taken back by --uninstall, with the folders that it made", async () => {
    const person = new Machine();
    await person.run(["install"]);
    const { stdout } = await person.run(["install", "--uninstall"]);
    expect(stdout.match(/^Removed /gm)).toHaveLength(2);
    expect(existsSync(join(person.home, ".terraform.d"))).toBe(false);
    expect(await person.json(["install", "--uninstall"])).toEqual({ ok: true, removed: [] });
  });

  it("says where a CLI configuration overrules it, and what to add", async () => {
    const person = new Machine();
    person.write("../cli.tfrc", "provider_installation {\n  direct {}\n}\n");
    const { stdout, code } = await person.run(["install"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `But ${join(person.home, "cli.tfrc")} has a provider_installation block`,
    );
    expect(stdout).toContain(`path = "${join(person.home, ".terraform.d/plugins")}"`);
    const json = await person.json<Installed>(["install"]);
    expect(json.overruledBy).toBe(join(person.home, "cli.tfrc"));
  });

  it("removes nothing behind a link, and leaves what is not the provider's", async () => {
    const person = new Machine();
    const mirror = join(person.home, ".terraform.d/plugins");
    await person.run(["install"]);
    const notes = join(mirror, "registry.terraform.io/polyai/polyai/notes");
    writeFileSync(notes, "mine");
    await person.run(["install", "--uninstall"]);
    expect(filesIn(mirror)).toEqual([notes]);
    rmSync(join(notes, ".."), { recursive: true });
    symlinkSync(person.folder, join(notes, ".."));
    mkdirSync(join(person.folder, "1.0.0/linux_amd64"), { recursive: true });
    writeFileSync(join(person.folder, "1.0.0/linux_amd64/main.cjs"), "mine");
    for (const args of [["install"], ["install", "--uninstall"]]) {
      const { code, stderr } = await person.run(args);
      expect([code, stderr]).toEqual([1, expect.stringContaining("is a symbolic link")]);
    }
    expect(person.read("1.0.0/linux_amd64/main.cjs")).toBe("mine");
  });
});

describeForEachCli((cli: Cli) => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  const command = (person: Machine, args: readonly string[]) =>
    succeed(
      run(cli, [...args, "-no-color"], {
        cwd: person.folder,
        env: { ...person.env, POLYAI_API_KEY: simulator.apiKey, POLYAI_BASE_URL: simulator.url },
      }),
    );

  it("applies the ten lines that install prints", async () => {
    const { id } = await simulator.createEndpoint();
    const person = new Machine();
    const { stdout } = await person.run(["install"]);
    const lines = stdout
      .split("\n")
      .filter((line) => line.startsWith("  ") && !line.includes(person.home));
    const end = lines.findIndex((line) => line.startsWith("  export"));
    const hcl = lines.slice(0, end).join("\n");
    expect(lines.slice(0, end)).toHaveLength(9);
    person.write("main.tf", hcl.replace(/whe_\w+/, id));
    const init = await command(person, ["init"]);
    expect(init.stdout).toMatch(new RegExp(`Installed .*polyai/polyai v${PROVIDER_VERSION}`));
    await command(person, ["apply", "-auto-approve"]);
    expect(simulator.rotations(id)).toBe(1);
  });

  // Elsewhere, these variables say nothing to Terraform.
  if (process.platform === "linux") {
    it.each([
      ["XDG_CONFIG_HOME", { XDG_CONFIG_HOME: "~/config" }, ".local/share/terraform/plugins"],
      ["XDG_DATA_HOME", { XDG_DATA_HOME: "~/data" }, "data/terraform/plugins"],
    ] as const)("finds it with %s, and by a bare source", async (_, env, folder) => {
      const person = new Machine(env);
      const installed = await person.json<Installed>(["install"]);
      expect(installed.folder).toBe(join(person.home, folder));
      expect(existsSync(join(person.home, ".terraform.d"))).toBe(false);
      person.write("main.tf", BARE);
      const { stdout } = await command(person, ["init"]);
      expect(stdout).toMatch(new RegExp(`Installed .*polyai/polyai v${PROVIDER_VERSION}`));
    });
  }
});

/** To OpenTofu, this means another registry than to Terraform. */
const BARE = `terraform {
  required_providers {
    polyai = { source = "polyai/polyai" }
  }
}
`;
