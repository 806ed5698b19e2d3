/** A release as a user gets it: made for this machine, and put to use without Node. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { thisPlatform } from "../../src/placement/package.js";
import { describeForEachCli, ROOT, succeed } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import {
  PLUGIN,
  PLUGIN_NAME,
  PROVIDER_ADDRESS,
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

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

const simulator = simulatorForAll();

describe("a release", () => {
  it("holds an archive, the registry's manifest and the checksums of both", () => {
    expect(readdirSync(RELEASE).sort()).toEqual([SUMS, ARCHIVE, MANIFEST].sort());
    expect(readFileSync(join(RELEASE, SUMS), "utf8")).toBe(
      [ARCHIVE, MANIFEST]
        .map((file) => `${sha256(readFileSync(join(RELEASE, file)))}  ${file}\n`)
        .join(""),
    );
    expect(JSON.parse(readFileSync(join(RELEASE, MANIFEST), "utf8"))).toEqual({
      version: 1,
      metadata: { protocol_versions: ["6.0"] },
    });
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
    const mirror = join(machine.home, "mirror");
    mkdirSync(join(mirror, PROVIDER_ADDRESS), { recursive: true });
    copyFileSync(join(RELEASE, ARCHIVE), join(mirror, PROVIDER_ADDRESS, ARCHIVE));
    const configuration = `filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }`;
    machine.write("../cli.tfrc", `provider_installation {\n  ${configuration}\n}\n`);
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
