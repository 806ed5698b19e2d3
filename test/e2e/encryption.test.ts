import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { encryptorFor } from "../../src/provider/age.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { ageCommand } from "../support/age-command.js";
import { newKey, open, seal, type Key } from "../support/age.js";
import { Canary, type Leak } from "../support/canary.js";
import { describeForEachCli, isAtLeast, ROOT, type Cli, type RunResult } from "../support/cli.js";
import { placeLeaky, placeSink } from "../support/test-provider.js";
import {
  makeWorkspace,
  PROVIDER_ADDRESS,
  type CommandOptions,
  type Workspace,
} from "../support/workspace.js";
import { readZip } from "../support/zip.js";

const EXAMPLES = join(ROOT, "examples");
const example = (name: string): string => readFileSync(join(EXAMPLES, name), "utf8");

const AGE = ageCommand();
const opener =
  AGE === undefined ? "age's library (there is no age, and no Go to build it)" : "age -d";

/** Opens a ciphertext as the receiver would: with the standard command where it is here. */
async function openAsReceiver(file: string, key: Key): Promise<string> {
  if (AGE === undefined) return open(file, key.identity);
  const folder = mkdtempSync(join(tmpdir(), "polyai-receiver-"));
  try {
    writeFileSync(join(folder, "key.txt"), `# the receiver's\n${key.identity}\n`);
    return execFileSync(AGE, ["-d", "-i", join(folder, "key.txt")], {
      input: file,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a ciphertext", () => {
  it.each(["classic", "post-quantum"] as const)(
    `to a %s recipient is what ${opener} opens`,
    async (kind) => {
      const [one, other] = [await newKey(kind), await newKey(kind)];
      const encrypt = await encryptorFor([one.recipient, other.recipient]);
      const file = await encrypt("grüße");
      expect(await openAsReceiver(file, one)).toBe("grüße");
      expect(await openAsReceiver(file, other)).toBe("grüße");
      await expect(openAsReceiver(file, await newKey(kind))).rejects.toThrow();
    },
  );
});

describeForEachCli((cli) => {
  let simulator: Simulator;
  let alice: Key;
  let bob: Key;
  beforeAll(async () => {
    simulator = await startSimulator();
    alice = await newKey();
    bob = await newKey();
    identities.push(alice.identity, bob.identity);
  });
  afterEach(() => simulator.clearFaults());
  afterAll(() => simulator.close());

  const begin = async (files: Record<string, string>, env = {}): Promise<Story> => {
    const { id } = await simulator.createEndpoint();
    const story = new Story(cli, simulator, id, files, env);
    await story.succeeds(["init"]);
    return story;
  };
  const plain = (args: string) => ({ "main.tf": resource(args) });

  describe("encrypt_to", () => {
    it(`keeps a ciphertext that ${opener} opens, and plans nothing more`, async () => {
      const story = await begin(plain(recipients(alice, bob)));
      await story.succeeds(["apply", "-auto-approve"]);
      const { encrypted_signing_secret: file, ...attributes } = await story.attributes();
      expect(attributes).toMatchObject({
        signing_secret: null,
        previous_signing_secret: null,
        rotation_count: 1,
      });
      expect(await openAsReceiver(file as string, alice)).toBe(story.currentSecret());
      expect(await openAsReceiver(file as string, bob)).toBe(story.currentSecret());

      story.write(plain(recipients(bob, alice)));
      expect((await story.run(["plan", "-detailed-exitcode"])).code).toBe(0);

      story.write(plain(`rotation_trigger = "2"\n${recipients(bob, alice)}`));
      await story.succeeds(["plan", "-out=saved.tfplan"]);
      await story.succeeds(["show", "saved.tfplan"]);
      await story.succeeds(["apply", "saved.tfplan"]);
      expect(await story.opened(alice)).toBe(story.currentSecret());
      expect(story.rotations()).toBe(2);
      expect(story.leaks()).toEqual([]);
    });

    it("rotates when the recipients change, and says why", async () => {
      const story = await begin(plain(recipients(alice)));
      await story.succeeds(["apply", "-auto-approve"]);
      story.write(plain(recipients(alice, bob)));
      const plan = await story.run(["plan", "-detailed-exitcode"]);
      expect(plan.code).toBe(2);
      expect(plan.stdout).toContain(`Rotation of ${story.endpoint}, since encrypt_to changes`);
      expect(plan.stdout).toMatch(/~ encrypted_signing_secret += <<-EOT/);
      await story.succeeds(["apply", "-auto-approve"]);
      expect(await story.opened(bob)).toBe(story.currentSecret());

      // Away and back again, the ways of keeping the secret follow each other.
      story.write(plain(""));
      await story.succeeds(["apply", "-auto-approve"]);
      expect(await story.attributes()).toMatchObject({
        signing_secret: story.currentSecret(),
        encrypted_signing_secret: null,
      });
      story.write(plain(recipients(bob)));
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.rotations()).toBe(4);
      expect(await story.opened(bob)).toBe(story.currentSecret());
      expect((await story.run(["plan", "-detailed-exitcode"])).code).toBe(0);
    });

    it("takes recipients that are known only during apply", async () => {
      const made = (note: string, key: Key) => `
        resource "terraform_data" "recipient" {
          input            = "${key.recipient}"
          triggers_replace = "${note}"
        }`;
      const args = `encrypt_to = toset([terraform_data.recipient.output])`;
      const story = await begin({ "main.tf": resource(args) + made("1", alice) });
      await story.succeeds(["apply", "-auto-approve"]);
      expect(await story.opened(alice)).toBe(story.currentSecret());
      story.write({ "main.tf": resource(args) + made("2", alice) });
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.rotations()).toBe(1);
      story.write({ "main.tf": resource(args) + made("3", bob) });
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.rotations()).toBe(2);
      expect(await story.opened(bob)).toBe(story.currentSecret());
    });

    it("refuses at validate what is no recipient", async () => {
      const story = await begin(plain(`encrypt_to = ["${alice.recipient}x"]`));
      const validated = await story.run(["validate"]);
      expect(validated.code).toBe(1);
      expect(text(validated)).toContain("Invalid encrypt_to");
      expect(text(validated)).toContain("age recipient");
    });

    it("rotates a secret that an import has put into the state in plain text", async () => {
      const story = await begin(plain(recipients(alice)));
      await story.succeeds(["import", ADDRESS, story.endpoint], {
        env: { POLYAI_SIGNING_SECRET: story.currentSecret() },
      });
      const plan = await story.run(["plan"]);
      expect(plan.stdout).toContain("in plain text, and stays so in backups");
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.rotations()).toBe(1);
      expect(await story.opened(alice)).toBe(story.currentSecret());
      expect(story.read("terraform.tfstate")).not.toContain("whsec_");
      expect(story.read("terraform.tfstate.backup")).toContain("whsec_");
    });
  });

  describe("the receiver's own deployment", () => {
    it(`opens the ciphertext with ${opener}`, async () => {
      const story = await begin(
        { "main.tf": example("encrypted-for-receiver/main.tf"), "versions.tf": "" },
        { TF_VAR_receiver_recipient: alice.recipient },
      );
      await story.succeeds(["apply", "-auto-approve"]);
      const { stdout: file } = await story.run(["output", "-raw", "encrypted_signing_secret"]);
      expect(await openAsReceiver(file, alice)).toBe(story.currentSecret());
      expect(story.leaks()).toEqual([]);
    });

    if (AGE !== undefined) {
      it("starts the receiver with the secret in its environment", async () => {
        const folder = mkdtempSync(join(tmpdir(), "polyai-receiver-"));
        try {
          writeFileSync(join(folder, "secret.age"), await seal("the secret", alice.recipient));
          writeFileSync(join(folder, "receiver.key"), alice.identity);
          const script = join(EXAMPLES, "encrypted-for-receiver/deploy.sh");
          const print = "process.stdout.write(process.env.POLYAI_SECRET)";
          const started = execFileSync(
            script,
            ["secret.age", "receiver.key", process.execPath, "-e", print],
            {
              cwd: folder,
              encoding: "utf8",
              env: { PATH: [dirname(AGE), process.env["PATH"]].join(delimiter) },
            },
          );
          expect(started).toBe("the secret");
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
    }
  });

  if (isAtLeast(cli, { terraform: "1.11", tofu: "1.11" })) {
    describe("a sink with write-only arguments", () => {
      const files = (trigger: string) => ({
        "main.tf": example("encrypted-secret/main.tf"),
        "sink.tf": SINK,
        "versions.tf": "",
        "trigger.auto.tfvars": `rotation_trigger = "${trigger}"\n`,
      });
      const beginWithSink = async (): Promise<Story> => {
        const { id } = await simulator.createEndpoint();
        const story = new Story(cli, simulator, id, files("1"), {
          TF_VAR_age_recipient: alice.recipient,
          TF_VAR_age_identity: `# alice\n${alice.identity}\n`,
        });
        story.placeSink();
        await story.succeeds(["init"]);
        return story;
      };

      it("holds the secret after creation, rotation and a failed rotation healed; the state never does", async () => {
        const story = await beginWithSink();
        await story.succeeds(["apply", "-auto-approve"]);
        expect(story.sink()).toBe(story.currentSecret());
        expect((await story.run(["plan", "-detailed-exitcode"])).code).toBe(0);

        story.write(files("2"));
        await story.succeeds(["plan", "-out=saved.tfplan"]);
        await story.succeeds(["apply", "saved.tfplan"]);
        expect([story.sink(), story.rotations()]).toEqual([story.currentSecret(), 2]);

        const before = story.sink();
        story.write(files("3"));
        simulator.setFault({ kind: "empty", operation: "rotateWebhookSigningSecret" });
        const failed = await story.run(["apply", "-auto-approve"]);
        expect(failed.code).toBe(1);
        expect(story.sink()).toBe(before);
        simulator.clearFaults();
        story.write(files("2"));
        await story.succeeds(["apply", "-auto-approve"]);
        expect(story.sink()).toBe(story.currentSecret());
        expect(story.sink()).not.toBe(before);
        expect((await story.run(["plan", "-detailed-exitcode"])).code).toBe(0);
        expect(story.leaks()).toEqual([]);
      });

      it("is filled by a configuration that has the ciphertext, and no API", async () => {
        const story = new Story(
          cli,
          simulator,
          "",
          {
            "main.tf": `
              variable "ciphertext" {
                type = string
              }
              ephemeral "polyai_webhook_secret" "alerts" {
                encrypted_signing_secret = var.ciphertext
              }`,
            "sink.tf": SINK.replace("polyai_webhook_secret.alerts.rotation_count", "1"),
            "versions.tf": "",
          },
          {
            POLYAI_API_KEY: "none",
            POLYAI_BASE_URL: "http://127.0.0.1:9",
            POLYAI_AGE_IDENTITY: alice.identity,
            TF_VAR_ciphertext: await seal("whsec_fromSomewhereElse", alice.recipient),
          },
        );
        story.placeSink();
        await story.succeeds(["init"]);
        await story.succeeds(["apply", "-auto-approve"]);
        expect(story.sink()).toBe("whsec_fromSomewhereElse");
        expect(story.leaks()).toEqual([]);
      });

      it("names a wrong identity, and shows nothing of it", async () => {
        const story = await beginWithSink();
        await story.succeeds(["apply", "-auto-approve"]);
        const wrong = { env: { TF_VAR_age_identity: bob.identity } };
        const plan = await story.run(["plan"], wrong);
        expect(plan.code).toBe(1);
        expect(text(plan)).toContain("Wrong age identity");
        const malformed = { env: { TF_VAR_age_identity: bob.identity.slice(0, -1) } };
        expect(text(await story.run(["plan"], malformed))).toContain("Invalid identity");
        expect(story.leaks(bob.identity.slice(20, -1))).toEqual([]);
      });

      it("adopts a known secret that never is in the state", async () => {
        const story = await begin({
          "main.tf": `
            variable "known" {
              type      = string
              ephemeral = true
            }
            ${resource(`
              ${recipients(alice)}
              initial_secret_wo         = var.known
              initial_secret_wo_version = 1`)}`,
        });
        const known = story.currentSecret();
        const env = { TF_VAR_known: known };
        await story.succeeds(["apply", "-auto-approve"], { env });
        expect([story.rotations(), await story.opened(alice)]).toEqual([0, known]);
        expect((await story.run(["plan", "-detailed-exitcode"], { env })).code).toBe(0);
        expect(story.leaks()).toEqual([]);
      });
    });
  } else {
    it("refuses a write-only value, which this CLI would store", async () => {
      const story = await begin(
        plain(`
          ${recipients(alice)}
          initial_secret_wo         = "whsec-not-to-be-stored"
          initial_secret_wo_version = 1`),
      );
      const validated = await story.run(["validate"]);
      expect(validated.code).toBe(1);
      expect(text(validated)).toContain("Write-only initial_secret_wo not supported");
    });

    it("leaves it to the CLI to say that it knows no ephemeral block", async () => {
      const story = await begin(plain(recipients(alice)));
      story.write({
        "ephemeral.tf": `ephemeral "polyai_webhook_secret" "this" {
          encrypted_signing_secret = ${ADDRESS}.encrypted_signing_secret
        }`,
      });
      const plan = await story.run(["plan"]);
      expect(plan.code).toBe(1);
      expect(text(plan)).toContain(`Blocks of type "ephemeral" are not expected here`);
    });
  }

  describe("the search for leaks", () => {
    it.each([
      ["state", "terraform.tfstate"],
      ["private state", "terraform.tfstate"],
      ["log", "trace.log"],
      ["file", "tmp/note"],
    ])("finds a secret in the %s", async (leak, place) => {
      const { id } = await simulator.createEndpoint();
      const files = plain(`rotation_trigger = "1"\n${recipients(alice)}`);
      const story = new Story(cli, simulator, id, files, { LEAK: leak });
      placeLeaky(story.folder);
      await story.succeeds(["init"]);
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.leaks().map((found) => found.place)).toContain(place);
      if (!place.endsWith(".tfstate")) return;
      // What is in the state is in a saved plan, too, compressed.
      story.write(plain(`rotation_trigger = "2"\n${recipients(alice)}`));
      await story.succeeds(["plan", "-out=saved.tfplan"]);
      expect(story.leaks().map((found) => found.place)).toContain("saved.tfplan: tfstate");
    });

    it("finds nothing where nothing leaks", async () => {
      const { id } = await simulator.createEndpoint();
      const story = new Story(cli, simulator, id, plain(recipients(alice)), { LEAK: "nowhere" });
      placeLeaky(story.folder);
      await story.succeeds(["init"]);
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.leaks()).toEqual([]);
    });
  });

  if (cli.product === "tofu" && isAtLeast(cli, { terraform: "0", tofu: "1.8" })) {
    describe("OpenTofu's state encryption", () => {
      it("leaves the secret in no file, and gives it to who has the passphrase", async () => {
        const story = await begin(
          { "main.tf": example("opentofu-state-encryption/main.tf"), "versions.tf": "" },
          { TF_VAR_state_passphrase: "correct horse battery staple" },
        );
        await story.succeeds(["plan", "-out=saved.tfplan"]);
        await story.succeeds(["apply", "saved.tfplan"]);
        expect(story.read("terraform.tfstate")).toContain("encrypted_data");
        expect(story.leaks()).toEqual([]);

        const { stdout: secret } = await story.unwatched(["output", "-raw", "signing_secret"]);
        expect(secret).toBe(story.currentSecret());
        const wrong = { TF_VAR_state_passphrase: "wrong horse battery staple" };
        expect((await story.run(["output", "-raw", "signing_secret"], { env: wrong })).code).toBe(
          1,
        );
      });
    });
  }
});

const ADDRESS = "polyai_webhook_secret.this";

const resource = (args: string): string => `
variable "endpoint_id" {
  type = string
}

resource "polyai_webhook_secret" "this" {
  endpoint_id = var.endpoint_id
  ${args}
}
`;

const recipients = (...keys: readonly Key[]): string =>
  `encrypt_to = ${JSON.stringify(keys.map(({ recipient }) => recipient))}`;

/** Takes the place of the example's AWS Secrets Manager. */
const SINK = `
terraform {
  required_providers {
    polyai = {
      source = "${PROVIDER_ADDRESS}"
    }
    sink = {
      source  = "registry.terraform.io/test/sink"
      version = "1.0.0"
    }
  }
}

variable "sink_folder" {
  type = string
}

provider "sink" {
  folder = var.sink_folder
}

resource "sink_secret" "alerts" {
  name              = "alerts"
  secret_wo         = ephemeral.polyai_webhook_secret.alerts.signing_secret
  secret_wo_version = polyai_webhook_secret.alerts.rotation_count
}
`;

/** Words as they were before Terraform wrapped them in a box. */
const text = ({ stdout, stderr }: RunResult): string =>
  `${stdout}\n${stderr}`.replace(/^[│╷╵]\s?/gm, "").replace(/\s*\n\s*/g, " ");

/** What stays with whoever decrypts: it is searched for as the secrets are. */
const identities: string[] = [];

const sinkFolders: string[] = [];
afterAll(() => {
  for (const folder of sinkFolders) rmSync(folder, { recursive: true });
});

/** A workspace that is searched, every byte of it, for every secret that the endpoint ever had. */
class Story {
  readonly #workspace: Workspace;
  readonly #canary: Canary;
  readonly #printed: Leak[] = [];
  readonly #sinkFolder = mkdtempSync(join(tmpdir(), "polyai-sink-"));

  constructor(
    cli: Cli,
    private readonly simulator: Simulator,
    /** Empty for a configuration without one. */
    readonly endpoint: string,
    files: Record<string, string>,
    env: Record<string, string>,
  ) {
    this.#canary = new Canary(simulator.apiKey);
    for (const identity of identities) this.#canary.watch(identity, "an identity");
    this.#workspace = makeWorkspace(cli, files, {
      POLYAI_API_KEY: simulator.apiKey,
      POLYAI_BASE_URL: simulator.url,
      TF_VAR_endpoint_id: endpoint,
      TF_VAR_sink_folder: this.#sinkFolder,
      ...env,
    });
    mkdirSync(join(this.folder, "tmp"));
    sinkFolders.push(this.#sinkFolder);
  }

  get folder(): string {
    return this.#workspace.folder;
  }

  placeSink(): void {
    placeSink(this.folder);
  }

  write(files: Record<string, string>): void {
    this.#workspace.write(files);
  }

  read(name: string): string {
    return this.#workspace.read(name);
  }

  /** Runs with everything logged at TRACE; what is printed and logged is searched. */
  async run(args: readonly string[], options: CommandOptions = {}): Promise<RunResult> {
    this.#watchSecret();
    const [command = "", ...others] = args;
    const result = await this.#workspace.run([command, "-no-color", ...others], {
      ...options,
      env: {
        TMPDIR: join(this.folder, "tmp"),
        TF_LOG: "TRACE",
        TF_LOG_PATH: join(this.folder, "trace.log"),
        ...options.env,
      },
    });
    this.#watchSecret();
    for (const stream of ["stdout", "stderr"] as const) {
      const place = `${stream} of ${args.join(" ")}`;
      this.#printed.push(...this.#canary.scan(place, Buffer.from(result[stream])));
    }
    return result;
  }

  /** Runs a command that is asked to print the secret. */
  unwatched(args: readonly string[]): Promise<RunResult> {
    return this.#workspace.run(args);
  }

  async succeeds(args: readonly string[], options?: CommandOptions): Promise<void> {
    const result = await this.run(args, options);
    expect([result.code, result.code === 0 ? "" : text(result)]).toEqual([0, ""]);
  }

  async attributes(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#workspace.attributes(ADDRESS)) ?? {};
  }

  /** What the ciphertext in the state holds. */
  async opened(key: Key): Promise<string> {
    return open((await this.attributes())["encrypted_signing_secret"] as string, key.identity);
  }

  currentSecret(): string {
    return this.simulator.currentSecret(this.endpoint);
  }

  rotations(): number {
    return this.simulator.rotations(this.endpoint);
  }

  /** What the sink holds; it keeps it to itself. */
  sink(): string {
    const file = join(this.#sinkFolder, "alerts");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    return readFileSync(file, "utf8");
  }

  #watchSecret(): void {
    if (this.endpoint !== "") this.#canary.watch(this.currentSecret());
  }

  /** Where a secret, an identity or `other` stands: in the folder, in a plan, in print. */
  leaks(other?: string): readonly Leak[] {
    if (other !== undefined) this.#canary.watch(other, "the other text");
    const plans = readdirSync(this.folder).filter((name) => name.endsWith(".tfplan"));
    return [
      ...this.#printed,
      ...this.#canary.scanFolder(this.folder, () => false),
      ...plans.flatMap((name) => {
        const bytes = readFileSync(join(this.folder, name));
        if (!bytes.subarray(0, 2).equals(Buffer.from("PK"))) return [];
        return readZip(bytes).flatMap((entry) =>
          this.#canary.scan(`${name}: ${entry.name}`, entry.bytes),
        );
      }),
    ];
  }
}
