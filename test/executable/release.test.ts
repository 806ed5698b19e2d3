/** A release as a user gets it: made for this machine, and put to use without Node. */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, ROOT, run, succeed } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import {
  platformName,
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
const ARCHIVE = named(`${platformName()}.zip`);
const MANIFEST = named("manifest.json");
const SUMS = named("SHA256SUMS");

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

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
    for (const part of [
      "Bun ",
      "JavaScriptCore",
      "axios ",
      "follow-redirects ",
      "age-encryption ",
    ]) {
      expect(licences).toContain(part);
    }
  });
});

describeForEachCli((cli) => {
  it("applies ten lines of HCL from the archive in a mirror, with no Node on PATH", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "only-the-cli");
    const mirror = join(folder, "mirror");
    for (const each of [path, join(folder, "home"), join(mirror, PROVIDER_ADDRESS)]) {
      mkdirSync(each, { recursive: true });
    }
    symlinkSync(cli.path, join(path, basename(cli.path)));
    copyFileSync(join(RELEASE, ARCHIVE), join(mirror, PROVIDER_ADDRESS, ARCHIVE));
    writeFileSync(
      join(folder, "home/cli.tfrc"),
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    );
    const endpoint = await simulator.createEndpoint();
    writeFileSync(join(folder, "main.tf"), REQUIRED_PROVIDERS + secretOf(endpoint.id));
    const env = { PATH: path, POLYAI_API_KEY: simulator.apiKey, POLYAI_BASE_URL: simulator.url };
    const options = { cwd: folder, env };
    await succeed(run(cli, ["init", "-no-color"], options));
    await succeed(run(cli, ["apply", "-auto-approve", "-no-color"], options));
    const { stdout } = await succeed(run(cli, ["output", "-raw", "secret"], options));
    await succeed(run(cli, ["destroy", "-auto-approve", "-no-color"], options));
    expect(stdout).toBe(simulator.currentSecret(endpoint.id));
  });
});
