import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { encryptorFor } from "../../src/provider/webhook-secret/age.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { ageCommand } from "../support/age-command.js";
import { newKey, open, seal, type Key } from "../support/age.js";
import { describeForEachCli, isAtLeast, ROOT } from "../support/cli.js";
import {
  ADDRESS,
  encryptTo,
  newWatchedKey,
  SearchedWorkspace,
  secretResource,
  text,
  type Files,
} from "../support/searched-workspace.js";
import type { Environment } from "../support/workspace.js";

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
    alice = await newWatchedKey();
    bob = await newWatchedKey();
  });
  afterAll(() => simulator.close());

  const begin = (files: Files, env?: Environment): Promise<SearchedWorkspace> =>
    SearchedWorkspace.begin(cli, simulator, files, env);

  describe("encrypt_to", () => {
    it(`keeps a ciphertext that ${opener} opens, and plans nothing more`, async () => {
      const story = await begin(secretResource(encryptTo(alice, bob)));
      await story.succeeds(["apply", "-auto-approve"]);
      const { encrypted_signing_secret: file, ...attributes } = await story.attributes();
      expect(attributes).toMatchObject({
        signing_secret: null,
        previous_signing_secret: null,
        rotation_count: 1,
      });
      expect(await openAsReceiver(file as string, alice)).toBe(story.currentSecret());
      expect(await openAsReceiver(file as string, bob)).toBe(story.currentSecret());

      story.write(secretResource(encryptTo(bob, alice)));
      expect((await story.run(["plan", "-detailed-exitcode"])).code).toBe(0);

      story.write(secretResource(`rotation_trigger = "2"\n${encryptTo(bob, alice)}`));
      await story.succeeds(["plan", "-out=saved.tfplan"]);
      await story.succeeds(["show", "saved.tfplan"]);
      await story.succeeds(["apply", "saved.tfplan"]);
      expect(await story.opened(alice)).toBe(story.currentSecret());
      expect(story.rotations()).toBe(2);
      expect(story.leaks()).toEqual([]);
    });

    it("rotates when the recipients change, and says why", async () => {
      const story = await begin(secretResource(encryptTo(alice)));
      await story.succeeds(["apply", "-auto-approve"]);
      story.write(secretResource(encryptTo(alice, bob)));
      const plan = await story.run(["plan", "-detailed-exitcode"]);
      expect(plan.code).toBe(2);
      expect(plan.stdout).toContain(`Rotation of ${story.endpoint}, since encrypt_to changes`);
      expect(plan.stdout).toMatch(/~ encrypted_signing_secret += <<-EOT/);
      await story.succeeds(["apply", "-auto-approve"]);
      expect(await story.opened(bob)).toBe(story.currentSecret());

      // Away and back again, the ways of keeping the secret follow each other.
      story.write(secretResource(""));
      await story.succeeds(["apply", "-auto-approve"]);
      expect(await story.attributes()).toMatchObject({
        signing_secret: story.currentSecret(),
        encrypted_signing_secret: null,
      });
      story.write(secretResource(encryptTo(bob)));
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.rotations()).toBe(4);
      expect(await story.opened(bob)).toBe(story.currentSecret());
      expect((await story.run(["plan", "-detailed-exitcode"])).code).toBe(0);
    });

    it("takes recipients that are known only during apply", async () => {
      const made = (note: string, key: Key): Files => ({
        ...secretResource("encrypt_to = toset([terraform_data.recipient.output])"),
        "recipient.tf": `
          resource "terraform_data" "recipient" {
            input            = "${key.recipient}"
            triggers_replace = "${note}"
          }`,
      });
      const story = await begin(made("1", alice));
      await story.succeeds(["apply", "-auto-approve"]);
      expect(await story.opened(alice)).toBe(story.currentSecret());
      story.write(made("2", alice));
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.rotations()).toBe(1);
      story.write(made("3", bob));
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.rotations()).toBe(2);
      expect(await story.opened(bob)).toBe(story.currentSecret());
    });

    it("refuses at validate what is no recipient", async () => {
      const story = await begin(secretResource(`encrypt_to = ["${alice.recipient}x"]`));
      const validated = await story.run(["validate"]);
      expect(validated.code).toBe(1);
      expect(text(validated)).toContain("Invalid encrypt_to");
      expect(text(validated)).toContain("age recipient");
    });

    it("rotates a secret that an import has put into the state in plain text", async () => {
      const story = await begin(secretResource(encryptTo(alice)));
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
