/** `doctor` on machines with one thing wrong. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { hashOf } from "../../src/placement/package.js";
import { startSimulator, type Fault, type Simulator } from "../../src/simulator/index.js";
import { clis } from "../support/cli.js";
import { PROVIDER_VERSION, type Environment } from "../support/workspace.js";
import { certificateFor } from "../unit/polyai/certificates.js";
import { Machine } from "../support/machine.js";
import { zipOf } from "../support/zip.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
afterEach(() => {
  simulator.clearFaults();
});

interface Report {
  readonly ok: boolean;
  readonly problems: number;
  readonly checks: readonly {
    readonly subject: string;
    readonly status: string;
    readonly message: string;
  }[];
}

/** Somebody for whom all is well, until something is changed. */
class Patient extends Machine {
  readonly plugins = join(this.home, ".terraform.d/plugins");
  readonly #bin = join(this.home, "bin");

  constructor(env: Environment = {}) {
    super({
      PATH: "~/bin",
      POLYAI_API_KEY: simulator.apiKey,
      POLYAI_BASE_URL: simulator.url,
      ...env,
    });
    mkdirSync(this.#bin);
    symlinkSync(process.execPath, join(this.#bin, "node"));
    symlinkSync("/usr/bin/env", join(this.#bin, "env"));
    this.has("terraform", "echo Terraform v1.11.4");
  }

  /** Puts a program on their PATH. */
  has(name: string, script: string): string {
    const file = join(this.#bin, name);
    rmSync(file, { force: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  }

  lacks(name: string): void {
    rmSync(join(this.#bin, name));
  }

  async installed(): Promise<this> {
    await this.json(["install"]);
    return this;
  }

  /** The file that Terraform would start here. */
  get plugin(): string {
    const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
    return join(
      this.plugins,
      "registry.terraform.io/polyai/polyai",
      PROVIDER_VERSION,
      platform,
      `terraform-provider-polyai_v${PROVIDER_VERSION}`,
    );
  }
}

const patient = (env: Environment = {}): Promise<Patient> => new Patient(env).installed();

interface Told extends Report {
  readonly problemsTold: readonly string[];
}

/** The output of doctor with --json. It shows no key. */
async function reportOf(
  person: Patient,
  args: readonly string[],
  env: Environment = {},
): Promise<Told> {
  const { code, stdout, stderr } = await person.run(["doctor", ...args, "--json"], env);
  expectNoKey(stdout + stderr, person, env);
  const report = JSON.parse(stdout) as Report;
  const problems = report.checks.filter(({ status }) => status === "problem");
  expect({ code, stderr, ok: report.ok, problems: report.problems }).toEqual({
    code: problems.length === 0 ? 0 : 1,
    stderr: "",
    ok: problems.length === 0,
    problems: problems.length,
  });
  // One sentence each.
  for (const { message } of report.checks) expect(message).toMatch(/^[^\n]*[^.]\.$/);
  return {
    ...report,
    problemsTold: problems.map(({ subject, message }) => `${subject}: ${message}`),
  };
}

function expectNoKey(printed: string, person: Patient, env: Environment): void {
  for (const key of [env["POLYAI_API_KEY"], person.env["POLYAI_API_KEY"]]) {
    if (key) expect(printed).not.toContain(key);
  }
}

/** The problems that doctor tells of, each as "subject: sentence", the same with --json and without. */
async function problemsOf(
  person: Patient,
  args: readonly string[] = ["--offline"],
  env: Environment = {},
): Promise<readonly string[]> {
  const [text, report] = await Promise.all([
    person.run(["doctor", ...args], env),
    reportOf(person, args, env),
  ]);
  expectNoKey(text.stdout + text.stderr, person, env);
  expect(text).toMatchObject({ code: report.ok ? 0 : 1, stderr: "" });
  // A time may differ between the two runs.
  const timeless = (line: string) => line.replace(/\d+ ms/g, "");
  const lines = text.stdout.split("\n").map(timeless);
  for (const { subject, status, message } of report.checks) {
    expect(lines).toContain(timeless(`${status.padEnd(8)} ${subject.padEnd(10)} ${message}`));
  }
  expect(text.stdout).not.toContain("\x1b");
  return report.problemsTold;
}

describe("where all is well", () => {
  it.each(["terraform", "tofu"] as const)(
    "says so, with the real %s where it is here",
    async (product) => {
      const cli = clis().find((each) => each.product === product) ?? clis()[0]!;
      const person = await patient({ TERRAFORM_BINARY_NAME: cli.path });
      person.lacks("terraform");
      expect(await problemsOf(person, [])).toEqual([]);
      const { checks } = await person.json<Report>(["doctor"]);
      expect(checks.map(({ subject }) => subject)).toEqual([
        "node",
        "cli",
        "provider",
        "provider",
        "start",
        "key",
        "region",
        "api",
      ]);
      expect(checks[1]!.message).toMatch(cli.product === "tofu" ? /^OpenTofu / : /^Terraform /);
      const start = checks.find(({ subject }) => subject === "start")!;
      expect(start.message).toMatch(/starts and answers in \d+ ms\.$/);
    },
  );

  it("needs no placement beside the configuration, but takes one, and its lock entry", async () => {
    const person = new Patient();
    await person.json(["install", "--into", "."]);
    expect(await problemsOf(person)).toEqual([]);
    const { checks } = await person.json<Report>(["doctor", "--offline"]);
    const lock = checks.find(({ subject }) => subject === "lock file");
    expect(lock?.message).toBe(
      `${join(person.folder, ".terraform.lock.hcl")} accepts what is placed.`,
    );
  });

  it("finds the stacks of a CDKTF program", async () => {
    const person = new Patient();
    const stack = join(person.folder, "cdktf.out/stacks/alerts");
    mkdirSync(stack, { recursive: true });
    await person.json(["install", "--into", stack]);
    expect(await problemsOf(person)).toEqual([]);
    rmSync(join(stack, "terraform.d"), { recursive: true });
    expect(await problemsOf(person)).toMatchObject([/synthesize your CDKTF program/]);
  });

  it("finds an archive in the mirror that the CLI configuration names", async () => {
    const person = new Patient();
    const { configuration } = await person.json<{ configuration: string }>([
      "install",
      "--mirror",
      "m",
    ]);
    person.write("../cli.tfrc", configuration);
    expect(await problemsOf(person)).toEqual([]);
  });
});

describe("Node, Terraform and OpenTofu", () => {
  it("are missed where they are not on PATH", async () => {
    const person = await patient();
    person.lacks("terraform");
    expect(await problemsOf(person)).toEqual([
      "cli: Neither terraform nor tofu is on PATH: install Terraform 1.5 or OpenTofu 1.6 or later, or set TERRAFORM_BINARY_NAME to where it is.",
    ]);
    person.lacks("node");
    person.has("tofu", "echo OpenTofu v1.12.6");
    expect(await problemsOf(person)).toEqual([
      "node: There is no node on PATH: put Node 20 or later there, or use the executable (install --from ZIP).",
      expect.stringMatching(/^start: .* does not start \(.*node.*\): put Node 20 or later on PATH/),
    ]);
  });

  it("are told to be too old", async () => {
    const person = await patient();
    const terraform = person.has("terraform", "echo Terraform v1.4.7");
    person.has("node", "echo v18.20.4");
    expect(await problemsOf(person)).toEqual([
      expect.stringMatching(/^node: Node v18\.20\.4 on PATH is older than 20: put /),
      `cli: Terraform 1.4.7 (${terraform}) is older than supported: install Terraform 1.5 or OpenTofu 1.6 or later, or set TERRAFORM_BINARY_NAME to where it is.`,
      expect.stringMatching(/^start: /),
    ]);
  });

  it("run in the folder that is looked at, as version managers need it", async () => {
    const person = await patient();
    const shim = (says: string) => `[ -e .tool-versions ] || exit 126\n${says}`;
    person.has("terraform", shim("echo Terraform v1.11.4"));
    person.has("node", shim(`exec '${process.execPath}' "$@"`));
    expect(await problemsOf(person)).not.toEqual([]);
    mkdirSync(join(person.folder, "infra"));
    person.write("infra/.tool-versions", "");
    expect(await problemsOf(person, ["infra", "--offline"])).toEqual([]);
  });

  it("count as found when one of them will do", async () => {
    const person = await patient();
    person.has("terraform", "echo Terraform v1.4.7");
    person.has("tofu", "echo OpenTofu v1.6.0");
    expect(await problemsOf(person)).toEqual([]);
  });

  it.each([
    ["nowhere", /TERRAFORM_BINARY_NAME names no program: .*, or unset it\.$/],
    ["other", /other runs in \S+ neither as Terraform nor as OpenTofu: install/],
  ])("are not found in TERRAFORM_BINARY_NAME=%s", async (name, message) => {
    const person = await patient();
    person.has("other", "echo Something v1.0.0");
    person.lacks("terraform");
    const problems = await problemsOf(person, ["--offline"], { TERRAFORM_BINARY_NAME: name });
    expect(problems).toEqual([expect.stringMatching(message)]);
  });
});

describe("the provider", () => {
  it("is missed where it was never placed", async () => {
    const person = new Patient();
    expect(await problemsOf(person)).toEqual([
      `provider: The provider is neither in ${join(person.folder, "terraform.d/plugins")} nor in your user's plugins: run terraform-provider-polyai install, or synthesize your CDKTF program.`,
    ]);
  });

  it("is overruled by a CLI configuration that names other places", async () => {
    const person = await patient();
    person.write("../cli.tfrc", "provider_installation {\n  direct {}\n}\n");
    expect(await problemsOf(person)).toEqual([
      `provider: The provider_installation block of ${join(person.home, "cli.tfrc")} names no folder that has the provider, and overrules ${join(person.plugin, "..")}, which has it: add what terraform-provider-polyai install --mirror DIR prints, or remove the block.`,
    ]);
  });

  it.each<[string, (plugin: string) => void, RegExp]>([
    [
      "is cut short",
      (plugin) => truncateSync(join(plugin, "../main.cjs"), 1000),
      /lacks this package's main\.cjs, or has another: run terraform-provider-polyai install --into /,
    ],
    [
      "may not be executed",
      (plugin) => chmodSync(plugin, 0o644),
      /may not be executed: run terraform-provider-polyai install --into /,
    ],
    [
      "is another file",
      (plugin) => writeFileSync(plugin, "#!/bin/sh\ntouch ../started\n"),
      /lacks this package's terraform-provider-polyai_v\S+, or has another: run /,
    ],
    [
      "has company",
      (plugin) => writeFileSync(join(plugin, "../.DS_Store"), ""),
      /\.DS_Store changes the provider's hash: remove it\.$/,
    ],
    [
      "is gone",
      (plugin) => rmSync(plugin),
      /lacks this package's terraform-provider-polyai_v\S+, or has another: run /,
    ],
    [
      "lacks a file",
      (plugin) => rmSync(join(plugin, "../axios.cjs")),
      /lacks this package's axios\.cjs, or has another: run /,
    ],
    [
      "is there for other platforms only",
      (plugin) => rmSync(join(plugin, ".."), { recursive: true }),
      /is missing, though there are other platforms: run terraform-provider-polyai install --into /,
    ],
  ])("that %s is told, not started, and made good by the way out", async (_, harm, message) => {
    const person = new Patient();
    await person.json(["install", "--into", "."]);
    const plugin = person.plugin.replace(
      person.plugins,
      join(person.folder, "terraform.d/plugins"),
    );
    harm(plugin);
    expect(await problemsOf(person)).toEqual([expect.stringMatching(message)]);
    expect(existsSync(join(person.home, "started"))).toBe(false);
    rmSync(join(plugin, "../.DS_Store"), { force: true });
    await person.json(["install", "--into", "."]);
    expect(await problemsOf(person)).toEqual([]);
  });

  it("of another version is a note, and is not started, whatever the lock file says", async () => {
    const person = new Patient();
    const script = '#!/bin/sh\ntouch "$HOME/started"\n';
    const plugin = person.plugin
      .replace(person.plugins, join(person.folder, "terraform.d/plugins"))
      .replaceAll(PROVIDER_VERSION, "9.9.9");
    mkdirSync(join(plugin, ".."), { recursive: true });
    writeFileSync(plugin, script, { mode: 0o755 });
    expect(await problemsOf(person)).toEqual([]);
    const lock = (version: string, hash: string) =>
      person.write(
        ".terraform.lock.hcl",
        `provider "registry.terraform.io/polyai/polyai" {\n  version = "${version}"\n  hashes = [\n    "${hash}",\n  ]\n}\n`,
      );
    lock("9.9.9", hashOf([{ name: basename(plugin), content: Buffer.from(script) }]));
    expect(await problemsOf(person)).toEqual([]);
    lock("9.9.9", "h1:other");
    expect(await problemsOf(person)).toEqual([
      expect.stringMatching(
        /accepts other files of 9\.9\.9 than are placed: run terraform-provider-polyai install --into/,
      ),
    ]);
    lock("0.0.1", "h1:other");
    expect(await problemsOf(person)).toEqual([
      expect.stringMatching(
        /is locked to 0\.0\.1, and what is placed is 9\.9\.9: run terraform init -upgrade\.$/,
      ),
    ]);
    expect(existsSync(join(person.home, "started"))).toBe(false);
  });

  it("that is a release's executable is started if --from names its archive", async () => {
    const person = new Patient();
    const platform = basename(join(person.plugin, ".."));
    const archive = `terraform-provider-polyai_${PROVIDER_VERSION}_${platform}.zip`;
    const script = '#!/bin/sh\nenv > "$HOME/seen"\necho hello\n';
    writeFileSync(
      join(person.folder, archive),
      zipOf({ [basename(person.plugin)]: script, "LICENSE.txt": "x" }),
    );
    await person.json(["install", "--from", archive]);
    person.lacks("node");
    expect(await problemsOf(person)).toEqual([]);
    expect(existsSync(join(person.home, "seen"))).toBe(false);
    expect(await problemsOf(person, ["--offline", "--from", archive])).toEqual([
      expect.stringMatching(/^start: .* does not start \(hello\): /),
    ]);
    const seen = readFileSync(join(person.home, "seen"), "utf8");
    expect(seen).toContain("TF_PLUGIN_MAGIC_COOKIE=");
    expect(seen).not.toContain("POLYAI_");
  });
});

describe("the key, the region and PolyAI", () => {
  /** Healthy but for these variables. */
  let person: Patient;
  beforeAll(async () => {
    person = await patient();
  });
  const withEnv = (env: Environment) => problemsOf(person, [], env);

  it("misses a key, and asks all the same whether PolyAI answers", async () => {
    expect(await withEnv({ POLYAI_API_KEY: "" })).toEqual([
      "key: POLYAI_API_KEY is not set: export it, or give api_key in the provider block, which is not read here.",
    ]);
    const { stdout } = await person.run(["doctor"], { POLYAI_API_KEY: undefined });
    expect(stdout).toMatch(new RegExp(`^ok +api +${simulator.url} answers in \\d+ ms\\.$`, "m"));
  });

  it("shows nothing of a key that cannot be one", async () => {
    expect(await withEnv({ POLYAI_API_KEY: "sk secret\nsk" })).toEqual([
      "key: POLYAI_API_KEY must be one line of printable ASCII with no spaces: copy the key once more.",
    ]);
  });

  it("says that a key is refused, and that it may be another region's", async () => {
    expect(await withEnv({ POLYAI_API_KEY: "of-another-region" })).toEqual([
      `api: ${simulator.url} refuses the key (401): it is not current, or of another region, so check the key and set POLYAI_REGION to us, uk, eu or studio.`,
    ]);
  });

  it.each([
    [
      { POLYAI_BASE_URL: "http://127.0.0.1:9" },
      /^api: The request to 127\.0\.0\.1:9 failed: the connection was refused \(ECONNREFUSED\): check POLYAI_BASE_URL, or check the network/,
    ],
    [
      { POLYAI_BASE_URL: "http://polyai.example.com" },
      /^region: POLYAI_BASE_URL cannot be used \(The base URL must begin with https/,
    ],
    [
      { POLYAI_BASE_URL: "https://me:hunter2@example.com" },
      /^region: POLYAI_BASE_URL cannot be used \(The base URL must hold no user name and no password\)/,
    ],
    [
      { POLYAI_REGION: "mars", POLYAI_BASE_URL: "" },
      /^region: POLYAI_REGION is no region: set it to us, uk, eu or studio\.$/,
    ],
    [
      { POLYAI_REGION: "uk", POLYAI_BASE_URL: "" },
      /^api: The request to api\.uk\.poly\.ai failed: the proxy 127\.0\.0\.1:9 .*: correct HTTPS_PROXY/,
    ],
    [
      { HTTPS_PROXY: "ftp://me:hunter2@proxy", POLYAI_BASE_URL: "" },
      /^api: PolyAI cannot be asked: The environment variable HTTPS_PROXY must be/,
    ],
  ] as const)("says what is wrong with %p", async (env, message) => {
    const { problemsTold } = await reportOf(person, [], env);
    expect(problemsTold).toEqual([expect.stringMatching(message)]);
    expect(problemsTold.join()).not.toContain("hunter2");
  });

  it.each<[Fault, RegExp]>([
    [{ kind: "status", status: 403 }, /forbids it this \(403\): give the key the right/],
    [{ kind: "status", status: 404 }, /has no PolyAI API there \(404\): check POLYAI_BASE_URL\.$/],
    [{ kind: "status", status: 429 }, /asks for fewer requests \(429\): try again later\.$/],
    [{ kind: "status", status: 503 }, /has a fault of its own \(503\): try again later\.$/],
    [{ kind: "html", status: 200 }, /a web page, not JSON.*: check POLYAI_BASE_URL\.$/],
    [
      { kind: "redirect", location: "https://login.example.com/" },
      /a redirect \(status \d+\) to login\.example\.com/,
    ],
    [
      { kind: "reset" },
      /the connection was closed before the whole answer arrived \(ECONNRESET\): check/,
    ],
  ])("says what %p means", async (fault, message) => {
    simulator.setFault(fault);
    const { problemsTold } = await reportOf(person, []);
    expect(problemsTold).toEqual([expect.stringMatching(message)]);
  });

  it("says which certificates it may lack", async () => {
    const server = createServer(certificateFor("IP:127.0.0.1"), (_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const problems = await withEnv({ POLYAI_BASE_URL: `https://127.0.0.1:${port}` });
    server.close();
    expect(problems).toEqual([
      expect.stringMatching(/certificate.*name that in NODE_EXTRA_CA_CERTS\.$/),
    ]);
  });
});
