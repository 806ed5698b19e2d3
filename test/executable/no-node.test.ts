/** A release as a user gets it: made once here, for this machine, and put to use without Node. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { installedExecutables } from "../../src/placement/executable-packages.js";
import { placeExecutables } from "../../src/placement/plugin-placement.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, ROOT, run, succeed } from "../support/cli.js";
import {
  platformName,
  PLUGIN_NAME,
  PROVIDER_ADDRESS,
  PROVIDER_VERSION,
  REQUIRED_PROVIDERS,
} from "../support/workspace.js";
import { readZip } from "../support/zip.js";

const ARCHIVE = `terraform-provider-polyai_${PROVIDER_VERSION}_${platformName()}.zip`;
const MANIFEST = `terraform-provider-polyai_${PROVIDER_VERSION}_manifest.json`;
const SUMS = `terraform-provider-polyai_${PROVIDER_VERSION}_SHA256SUMS`;
const NPM_NAME = `terraform-provider-polyai-${process.platform}-${process.arch}`;

const base = mkdtempSync(join(tmpdir(), "polyai-release-"));
const keyring = join(base, "gnupg");
const release = join(base, "out/release");
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
  mkdirSync(keyring, { mode: 0o700 });
  const env = { ...process.env, GNUPGHOME: keyring };
  const gpg = (...args: string[]) =>
    execFileSync("gpg", ["--batch", ...args], { env, encoding: "utf8", stdio: "pipe" });
  gpg("--passphrase", "", "--quick-generate-key", "test", "rsa2048", "sign", "never");
  const fingerprint = /^fpr:*([0-9A-F]+):/m.exec(gpg("--with-colons", "--list-keys"))?.[1];
  execFileSync(
    process.execPath,
    [
      join(ROOT, "scripts/release.mjs"),
      ...["--platform", platformName(), "--out", join(base, "out")],
    ],
    { env: { ...env, GPG_FINGERPRINT: fingerprint }, stdio: "pipe" },
  );
}, 300_000);

afterAll(async () => {
  await simulator.close();
  execFileSync("gpgconf", ["--homedir", keyring, "--kill", "all"], { stdio: "ignore" });
  rmSync(base, { recursive: true, force: true });
});

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

interface PlatformManifest {
  readonly terraform: { readonly hash: string };
}

describe("a release", () => {
  it("holds an archive for each platform, the manifest, the checksums and their signature", () => {
    expect(readdirSync(release).sort()).toEqual([SUMS, `${SUMS}.sig`, ARCHIVE, MANIFEST].sort());
    expect(readFileSync(join(release, SUMS), "utf8")).toBe(
      [ARCHIVE, MANIFEST]
        .map((file) => `${sha256(readFileSync(join(release, file)))}  ${file}\n`)
        .join(""),
    );
    expect(JSON.parse(readFileSync(join(release, MANIFEST), "utf8"))).toEqual({
      version: 1,
      metadata: { protocol_versions: ["6.0"] },
    });
  });

  it("is signed by the key that was named", () => {
    const files = [join(release, `${SUMS}.sig`), join(release, SUMS)];
    const env = { ...process.env, GNUPGHOME: keyring };
    execFileSync("gpg", ["--batch", "--verify", ...files], { env, stdio: "pipe" });
  });

  it("gives the executable, and the licences of all that is in it", () => {
    const entries = readZip(readFileSync(join(release, ARCHIVE)));
    expect(entries.map(({ name }) => name)).toEqual([
      "LICENSE.txt",
      "THIRD-PARTY-LICENSES.txt",
      PLUGIN_NAME,
    ]);
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

  it("gives the same files, with the same hash, as an npm package for this platform alone", () => {
    const folder = join(base, "out/npm", NPM_NAME);
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).toMatchObject({
      name: NPM_NAME,
      version: PROVIDER_VERSION,
      os: [process.platform],
      cpu: [process.arch],
    });
    for (const { name, bytes } of readZip(readFileSync(join(release, ARCHIVE)))) {
      expect(readFileSync(join(folder, "bin", name)).equals(bytes)).toBe(true);
    }
    const [{ files }] = JSON.parse(
      execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: folder, encoding: "utf8" }),
    ) as [{ files: { path: string }[] }];
    expect(files.map(({ path }) => path).sort()).toEqual([
      "LICENSE",
      "README.md",
      "bin/LICENSE.txt",
      "bin/THIRD-PARTY-LICENSES.txt",
      `bin/${PLUGIN_NAME}`,
      "package.json",
    ]);
  });
});

describeForEachCli((cli) => {
  const folder = join(base, cli.product);
  const path = join(folder, "only-the-cli");

  beforeAll(() => {
    mkdirSync(join(folder, "home"), { recursive: true });
    mkdirSync(path);
    symlinkSync(cli.path, join(path, basename(cli.path)));
  });

  const write = async (cliConfig: string) => {
    const endpoint = await simulator.createEndpoint();
    writeFileSync(join(folder, "home/cli.tfrc"), cliConfig);
    writeFileSync(
      join(folder, "main.tf"),
      `${REQUIRED_PROVIDERS}
       resource "polyai_webhook_secret" "this" {
         endpoint_id = "${endpoint.id}"
       }
       output "secret" {
         value     = polyai_webhook_secret.this.signing_secret
         sensitive = true
       }`,
    );
    return endpoint.id;
  };

  const applied = async (): Promise<string> => {
    const env = {
      PATH: path,
      POLYAI_API_KEY: simulator.apiKey,
      POLYAI_BASE_URL: simulator.url,
    };
    const options = { cwd: folder, env };
    await succeed(run(cli, ["init", "-no-color"], options));
    await succeed(run(cli, ["apply", "-auto-approve", "-no-color"], options));
    const { stdout } = await succeed(run(cli, ["output", "-raw", "secret"], options));
    await succeed(run(cli, ["destroy", "-auto-approve", "-no-color"], options));
    return stdout;
  };

  const lockedHashes = () =>
    [...readFileSync(join(folder, ".terraform.lock.hcl"), "utf8").matchAll(/"(h1:.*)"/g)].map(
      ([, hash]) => hash,
    );

  it("applies ten lines of HCL from the archive in a mirror, with no Node on PATH", async () => {
    const mirror = join(folder, "mirror");
    mkdirSync(join(mirror, PROVIDER_ADDRESS), { recursive: true });
    copyFileSync(join(release, ARCHIVE), join(mirror, PROVIDER_ADDRESS, ARCHIVE));
    const endpoint = await write(
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    );
    expect(await applied()).toBe(simulator.currentSecret(endpoint));

    const { terraform } = JSON.parse(
      readFileSync(join(base, "out/npm", NPM_NAME, "package.json"), "utf8"),
    ) as PlatformManifest;
    expect(lockedHashes()).toEqual([terraform.hash]);
  });

  it("applies what a synth placed, with the lock entry that was written beside it", async () => {
    rmSync(join(folder, ".terraform"), { recursive: true });
    rmSync(join(folder, ".terraform.lock.hcl"));
    const project = join(folder, "project");
    mkdirSync(join(project, "node_modules"), { recursive: true });
    cpSync(join(base, "out/npm", NPM_NAME), join(project, "node_modules", NPM_NAME), {
      recursive: true,
    });
    const endpoint = await write("");
    placeExecutables(folder, installedExecutables(PROVIDER_VERSION, [project]));
    const placed = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
    expect(await applied()).toBe(simulator.currentSecret(endpoint));
    expect(readFileSync(join(folder, ".terraform.lock.hcl"), "utf8")).toBe(placed);
  });

  it("is the executable that ran", () => {
    const file = join(
      folder,
      ".terraform/providers",
      PROVIDER_ADDRESS,
      PROVIDER_VERSION,
      platformName(),
      PLUGIN_NAME,
    );
    expect(statSync(file).size).toBeGreaterThan(50_000_000);
  });
});
