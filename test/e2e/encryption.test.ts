import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { goTool, hasGo } from "../../scripts/lib/go.js";
import { encryptorFor } from "../../src/provider/webhook-secret/age.js";
import { ALICE, newKey, open, type Key } from "../support/age.js";
import { describeForEachCli, example, isAtLeast, ROOT, succeed } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import type { Environment } from "../support/workspace.js";

/** The standard age command: from PATH, or built with Go, which must be here in CI. */
function ageCommand(): string | undefined {
  if (spawnSync("age", ["--version"], { stdio: "ignore" }).status === 0) return "age";
  if (!hasGo() && process.env["CI"] === undefined) return undefined;
  return goTool("age", {
    module: "filippo.io/age",
    version: "1.3.2",
    sum: "h1:r6RSZLFSMm6rzKepZ7ZAYkKCu14f3/Me8c7uKYh7C8c=",
    command: "./cmd/age",
  });
}

const AGE = ageCommand();
const opener =
  AGE === undefined ? "age's library (there is no age, and no Go to build it)" : "age -d";

/** Opens a ciphertext as the receiver would: with the standard command where it is here. */
async function openAsReceiver(file: string, key: Key): Promise<string> {
  if (AGE === undefined) return open(file, key.identity);
  const folder = temporaryFolder();
  writeFileSync(join(folder, "key.txt"), `# the receiver's\n${key.identity}\n`);
  return execFileSync(AGE, ["-d", "-i", join(folder, "key.txt")], {
    input: file,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** The secret that the example's deployment gives to Alice's receiver, if age is here. */
async function deployed(file: string): Promise<string> {
  if (AGE === undefined) return openAsReceiver(file, ALICE);
  const folder = temporaryFolder();
  writeFileSync(join(folder, "secret.age"), file);
  writeFileSync(join(folder, "receiver.key"), ALICE.identity);
  const script = join(ROOT, "examples/encrypted-for-receiver/deploy.sh");
  const receiver = [process.execPath, "-e", "process.stdout.write(process.env.POLYAI_SECRET)"];
  return execFileSync(script, ["secret.age", "receiver.key", ...receiver], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: [dirname(AGE), process.env["PATH"]].join(delimiter) },
  });
}

it.each(["classic", "post-quantum"] as const)(
  `a ciphertext to a %s recipient is what ${opener} opens`,
  async (kind) => {
    const [one, other] = [await newKey(kind), await newKey(kind)];
    const encrypt = await encryptorFor([one.recipient, other.recipient]);
    const file = await encrypt("grüße");
    expect(await openAsReceiver(file, one)).toBe("grüße");
    expect(await openAsReceiver(file, other)).toBe("grüße");
    await expect(openAsReceiver(file, await newKey(kind))).rejects.toThrow();
  },
);

describeForEachCli((cli) => {
  const simulator = simulatorForAll();

  const beginExample = (name: string, env: Environment): Promise<SecretWorkspace> => {
    const files = { "main.tf": example(`${name}/main.tf`), "versions.tf": "" };
    return SecretWorkspace.begin(cli, simulator(), "", { files, env });
  };

  if (isAtLeast(cli, { terraform: "1.11", tofu: "1.11" })) {
    it("a write-only secret whose changes are ignored plans nothing, and is destroyed", async () => {
      const story = await SecretWorkspace.begin(cli, simulator());
      story.configure(`encrypt_to                = ["${ALICE.recipient}"]
  initial_secret_wo         = "${story.currentSecret()}"
  initial_secret_wo_version = 1
  lifecycle {
    ignore_changes = all
  }`);
      expect((await story.apply()).code).toBe(0);
      expect((await story.plan()).code).toBe(0);
      expect((await story.destroy()).code).toBe(0);
    });
  }

  it(`the receiver's own deployment opens the ciphertext with ${opener}`, async () => {
    const story = await beginExample("encrypted-for-receiver", {
      TF_VAR_receiver_recipient: ALICE.recipient,
    });
    await story.applies();
    const { stdout: file } = await story.run(["output", "-raw", "encrypted_signing_secret"]);
    expect(await deployed(file)).toBe(story.currentSecret());
    expect(story.leaks("no secret in state")).toEqual([]);
  });

  if (cli.product === "tofu" && isAtLeast(cli, { terraform: "0", tofu: "1.8" })) {
    it("OpenTofu's state encryption leaves the secret in no file, and gives it to who has the passphrase", async () => {
      const story = await beginExample("opentofu-state-encryption", {
        TF_VAR_state_passphrase: "correct horse battery staple",
      });
      await succeed(story.run(["plan", "-out=saved.tfplan"]));
      await succeed(story.run(["apply", "saved.tfplan"]));
      expect(story.read("terraform.tfstate")).toContain("encrypted_data");
      expect(story.leaks("no secret in state")).toEqual([]);

      expect((await story.outputs())["signing_secret"]).toBe(story.currentSecret());
      const env = { TF_VAR_state_passphrase: "wrong horse battery staple" };
      expect((await story.run(["output", "-raw", "signing_secret"], { env })).code).toBe(1);
    });
  }
});
