/** A release as a user gets it: made for this machine, and put to use without Node. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { sha256, thisPlatform } from "../../src/placement/package.js";
import { describeForEachCli, ROOT, succeed } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import {
  PLUGIN,
  PLUGIN_NAME,
  PROVIDER_VERSION,
  REQUIRED_PROVIDERS,
  secretOf,
} from "../support/workspace.js";
import { readZip } from "../support/zip.js";

const RELEASE = join(ROOT, "dist/release");
const named = (end: string) => `terraform-provider-polyai_${PROVIDER_VERSION}_${end}`;
const ARCHIVE = named(`${thisPlatform()}.zip`);
const MANIFEST = named("manifest.json");
const SUMS = named("SHA256SUMS");

const simulator = simulatorForAll();

describe("a release", () => {
  it("holds an archive, the registry's manifest and the checksums of both", () => {
    expect(readdirSync(RELEASE).sort()).toEqual([SUMS, ARCHIVE, MANIFEST].sort());
    expect(readFileSync(join(RELEASE, SUMS), "utf8")).toBe(
      [ARCHIVE, MANIFEST]
        .map((file) => `${sha256(readFileSync(join(RELEASE, file))).digest("hex")}  ${file}\n`)
        .join(""),
    );
    const manifest: unknown = JSON.parse(readFileSync(join(RELEASE, MANIFEST), "utf8"));
    expect(manifest).toEqual({ version: 1, metadata: { protocol_versions: ["6.0"] } });
  });

  it("gives the executable, and the licences of all that is in it", () => {
    const entries = readZip(readFileSync(join(RELEASE, ARCHIVE)));
    expect(entries.map(({ name }) => name)).toEqual([
      "LICENSE.txt",
      "THIRD-PARTY-LICENSES.txt",
      PLUGIN_NAME,
    ]);
    expect(entries[2]?.bytes.equals(readFileSync(PLUGIN))).toBe(true);
    const licences = entries[1]?.bytes.toString();
    const parts = ["Bun ", "JavaScriptCore", "axios ", "follow-redirects ", "age-encryption "];
    for (const part of parts) expect(licences).toContain(part);
  });
});

describeForEachCli((cli) => {
  it("applies ten lines of HCL from the archive in a mirror, with no Node on PATH", async () => {
    const machine = new Machine({ PATH: "~/bin", ...accessTo(simulator()) });
    mkdirSync(join(machine.home, "bin"));
    symlinkSync(cli.path, join(machine.home, "bin", basename(cli.path)));
    const args = ["install", "--mirror", "mirror", "--from", join(RELEASE, ARCHIVE)];
    const { configuration } = await machine.json<{ configuration: string }>(args);
    machine.write("../cli.tfrc", configuration);
    const { id } = await simulator().createEndpoint();
    machine.write("main.tf", REQUIRED_PROVIDERS + secretOf(id));
    const terraform = (...args: string[]) => succeed(machine.start(cli.path, args));
    await terraform("init", "-no-color");
    await terraform("apply", "-auto-approve", "-no-color");
    const { stdout } = await terraform("output", "-raw", "secret");
    expect(stdout).toBe(simulator().currentSecret(id));
    await terraform("destroy", "-auto-approve", "-no-color");
  });
});
