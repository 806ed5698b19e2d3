/** `doctor` on machines with one thing wrong. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { hashOf, thisPlatform } from "../../src/placement/package.js";
import type { Fault } from "../../src/simulator/index.js";
import { clis } from "../support/cli.js";
import { simulatorForAll } from "../support/simulator.js";
import { PLUGIN_NAME, PROVIDER_VERSION, type Environment } from "../support/workspace.js";
import { zipOf } from "../support/zip.js";
import { Patient, patientWith } from "./patient.js";

const simulator = simulatorForAll();
afterEach(() => {
  simulator().clearFaults();
});

describe("with all well, doctor", () => {
  it.each(clis())("says so, with the real $product", async (cli) => {
    const person = await patientWith(simulator(), { TERRAFORM_BINARY_NAME: cli.path });
    const { checks } = await person.report([]);
    expect(checks.map(({ subject, status }) => `${subject} ${status}`)).toEqual([
      "cli ok",
      "provider ok",
      "start ok",
      "lock file ok",
      "key ok",
      "api ok",
    ]);
    expect(checks[0]!.text).toMatch(cli.product === "tofu" ? / is OpenTofu / : / is Terraform /);
    expect(checks[2]!.text).toMatch(/starts and answers in \d+ ms$/);
  });

  it("prints a line for each check, with the way out, and no colours into a pipe", async () => {
    const person = await patientWith(simulator());
    person.installs({ terraform: "echo Terraform v1.4.7" });
    const { code, stdout } = await person.run(["doctor", "--offline"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok {7}provider {3}\S+ has version .*, and it is whole\.$/m);
    expect(stdout).toMatch(/^problem {2}cli {8}terraform on PATH is .* too old: install .*\.$/m);
    expect(stdout).toMatch(/\nProblems: 1\.\n$/);
    expect(stdout).not.toContain("\x1b");
    person.installs({ tofu: "echo OpenTofu v1.6.0" });
    expect((await person.run(["doctor", "--offline"])).stdout).toMatch(/\nAll is well\.\n$/);
  });

  it("finds the provider in the user's plugins, in a mirror, and beside CDKTF's stacks", async () => {
    const [ofUser, withMirror, withStacks] = [1, 2, 3].map(() => new Patient(simulator()));
    await ofUser!.json(["install"]);
    const args = ["install", "--mirror", "m"];
    const { configuration } = await withMirror!.json<{ configuration: string }>(args);
    withMirror!.write("../cli.tfrc", configuration);
    const stack = join(withStacks!.folder, "cdktf.out/stacks/alerts");
    mkdirSync(stack, { recursive: true });
    await withStacks!.json(["install", "--into", stack]);
    for (const each of [ofUser, withMirror, withStacks]) expect(await each!.problems()).toEqual([]);
    withMirror!.lacks("node");
    await withMirror!.problem(/^start: .* does not start/);
    const other = join(withStacks!.folder, "cdktf.out/stacks/other");
    cpSync(stack, other, { recursive: true });
    rmSync(join(other, "terraform.d"), { recursive: true });
    await withStacks!.problem(
      /^lock file: .*other.*\.hcl has the provider, which is not there: run/,
    );
    rmSync(other, { recursive: true });
    renameSync(join(withStacks!.folder, "cdktf.out"), join(withStacks!.folder, "build"));
    withStacks!.write("cdktf.json", '{ "app": "x", "output": "build" }');
    expect(await withStacks!.problems()).toEqual([]);
    rmSync(join(withStacks!.folder, "build/stacks/alerts/terraform.d"), { recursive: true });
    await withStacks!.problem(/synthesize your CDKTF program/);
  });
});

describe("Terraform and OpenTofu", () => {
  it("are missed, on PATH and where TERRAFORM_BINARY_NAME says", async () => {
    const person = await patientWith(simulator());
    await person.problem(/^cli: TERRAFORM_BINARY_NAME names no program: install/, ["--offline"], {
      TERRAFORM_BINARY_NAME: "nowhere",
    });
    person.lacks("terraform");
    await person.problem(/^cli: There is no terraform or tofu/);
  });

  it("run in the folder that is looked at, as version managers need it", async () => {
    const person = await patientWith(simulator());
    const check = "[ -e .tool-versions ] || { echo no version is set >&2; exit 126; }";
    person.installs({ terraform: `${check}\necho Terraform v1.11.4` });
    await person.problem(/^cli: terraform does not run in .* \(no version is set\): make terra/);
    mkdirSync(join(person.folder, "infra"));
    person.write("infra/.tool-versions", "");
    await person.json(["install", "--into", "infra"]);
    expect(await person.problems(["infra", "--offline"])).toEqual([]);
  });
});

describe("the provider", () => {
  it("is missed if it was never placed, and if a CLI configuration names other places", async () => {
    const person = new Patient(simulator());
    await person.problem(
      /neither in .* nor in your user's plugins: run terraform-provider-polyai install, or/,
    );
    await person.json(["install"]);
    person.write("../cli.tfrc", "provider_installation {\n  direct {}\n}\n");
    await person.problem(
      /provider_installation block of \S+cli\.tfrc names no folder .*: add what .* --mirror DIR prints/,
    );
    person.write("../cli.tfrc", 'provider_installation {\n  network_mirror { url = "x" }\n}\n');
    expect(await person.problems()).toEqual([]);
  });

  it("of another version is a note, and is not started, whatever the lock file says", async () => {
    const person = new Patient(simulator());
    const script = '#!/bin/sh\ntouch "$HOME/started"\n';
    const plugin = person.plugin.replaceAll(PROVIDER_VERSION, "9.9.9");
    mkdirSync(dirname(plugin), { recursive: true });
    writeFileSync(plugin, script, { mode: 0o755 });
    const locks = (version: string, hash: string) => {
      const entry = `version = "${version}"\n  hashes = ["${hash}"]`;
      const address = "registry.terraform.io/polyai/polyai";
      person.write(".terraform.lock.hcl", `provider "${address}" {\n  ${entry}\n}\n`);
    };
    const hash = hashOf([{ name: basename(plugin), content: Buffer.from(script) }]);
    locks("9.9.9", hash);
    expect(await person.problems()).toEqual([]);
    locks("9.9.9", "h1:other");
    await person.problem(
      /accepts other files of 9\.9\.9 than are placed: remove the provider's entry, and run/,
    );
    locks("0.0.1", "h1:other");
    await person.problem(
      /is locked to 0\.0\.1, and what is placed is 9\.9\.9: run terraform init -upgrade$/,
    );
    expect(existsSync(join(person.home, "started"))).toBe(false);
  });

  it("that another project has put into a shared cache is not what the lock file accepts", async () => {
    const person = await patientWith(simulator());
    const version = `.terraform/providers/registry.terraform.io/polyai/polyai/${PROVIDER_VERSION}`;
    mkdirSync(join(person.folder, version, thisPlatform()), { recursive: true });
    await person.problem(/^lock file: \S+\.hcl does not accept \S+: run terraform init$/);
  });

  it("that is a release's executable needs no Node, and is started if --from names its archive", async () => {
    const person = new Patient(simulator());
    const archive = `terraform-provider-polyai_${PROVIDER_VERSION}_${thisPlatform()}.zip`;
    const script = '#!/bin/sh\nenv > "$HOME/seen"\necho hello\n';
    const zip = zipOf({ [PLUGIN_NAME]: script, "LICENSE.txt": "x" });
    writeFileSync(join(person.folder, archive), zip);
    await person.json(["install", "--from", archive]);
    person.lacks("node");
    expect(await person.problems()).toEqual([]);
    expect(existsSync(join(person.home, "seen"))).toBe(false);
    await person.problem(/^start: .* does not start \(hello\): /, ["--offline", "--from", archive]);
    const seen = readFileSync(join(person.home, "seen"), "utf8");
    expect(seen).toContain("TF_PLUGIN_MAGIC_COOKIE=");
    expect(seen).not.toContain("POLYAI_");
  });

  it("that was placed for other platforms alone, is missed on this one", async () => {
    const person = new Patient(simulator());
    const archive = `terraform-provider-polyai_${PROVIDER_VERSION}_windows_arm64.zip`;
    writeFileSync(join(person.folder, archive), zipOf({ [`${PLUGIN_NAME}.exe`]: "MZ" }));
    await person.json(["install", "--into", ".", "--from", archive]);
    await person.problem(
      new RegExp(`${thisPlatform()} is missing, though other .* each platform's archive by --from`),
    );
  });
});

describe("the key, the region and PolyAI", () => {
  /** Healthy but for these variables. */
  let person: Patient;
  beforeAll(async () => {
    person = await patientWith(simulator());
  });

  it("misses a key, and asks all the same if PolyAI answers", async () => {
    const { checks } = await person.report([], { POLYAI_API_KEY: "" });
    expect(checks.slice(-2)).toEqual([
      expect.objectContaining({ subject: "key", text: "POLYAI_API_KEY is not set" }),
      expect.objectContaining({ status: "ok", text: expect.stringMatching(/answers in \d+ ms$/) }),
    ]);
  });

  it.each<[Environment, RegExp]>([
    [
      { POLYAI_API_KEY: "of-another-region" },
      /status 401.*, asked at http:\S+ \(the environment variable POLYAI_BASE_URL\): check that the key is current, and check the base URL/,
    ],
    [{ POLYAI_BASE_URL: "https://me:hunter2@example.com" }, /must hold no user name/],
    [
      { POLYAI_REGION: "mars", POLYAI_BASE_URL: "" },
      /POLYAI_REGION\. "mars" is no region\. It must be one of "us", .*: correct it$/,
    ],
    [
      { POLYAI_REGION: "uk", POLYAI_BASE_URL: "" },
      /request to api\.uk\.poly\.ai failed: the proxy 127\.0\.0\.1:9 .*: correct HTTPS_PROXY/,
    ],
  ])("says what is wrong with %p", async (env, message) => {
    expect(await person.problem(message, [], env)).not.toContain("hunter2");
  });

  it.each<[Fault, RegExp]>([
    [{ kind: "status", status: 403 }, /status 403.*: give the key the right/],
    [{ kind: "html", status: 200 }, /a web page, not JSON.*: check POLYAI_BASE_URL$/],
  ])("says what %p means", async (fault, message) => {
    simulator().setFault(fault);
    await person.problem(message, []);
  });
});
