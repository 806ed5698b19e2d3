import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ALICE, encryptTo, open } from "../support/age.js";
import { describeForEachCli, example, isAtLeast, succeed, words } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { placeSink } from "../support/test-provider.js";
import { PROVIDER_ADDRESS, type Environment, type Files } from "../support/workspace.js";

describeForEachCli((cli) => {
  const simulator = simulatorForAll();
  afterEach(() => simulator().clearFaults());

  let sinkFolder: string;
  beforeEach(() => {
    sinkFolder = temporaryFolder();
  });
  /** The secret that the sink holds; it keeps it to itself. */
  const sink = (): string => {
    const file = join(sinkFolder, "alerts");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    return readFileSync(file, "utf8");
  };

  const begin = (args: string, files: Files = {}, env: Environment = {}) =>
    SecretWorkspace.begin(cli, simulator(), args, {
      files,
      env: { TF_VAR_sink_folder: sinkFolder, ...env },
      place: placeSink,
    });

  if (isAtLeast(cli, { terraform: "1.11", tofu: "1.11" })) {
    const files = (trigger: string) => ({
      "main.tf": example("encrypted-secret/main.tf"),
      "sink.tf": SINK,
      "versions.tf": "",
      "trigger.auto.tfvars": `rotation_trigger = "${trigger}"\n`,
    });
    it("a sink with write-only arguments holds the secret after creation, rotation, a failed rotation healed and a replacement; the state never does", async () => {
      const story = await begin("", files("1"), {
        TF_VAR_age_recipient: ALICE.recipient,
        TF_VAR_age_identity: `# alice\n${ALICE.identity}\n`,
      });
      await story.applies();
      expect(sink()).toBe(story.currentSecret());
      expect((await story.plan()).code).toBe(0);

      story.write(files("2"));
      await succeed(story.run(["plan", "-out=saved.tfplan"]));
      await succeed(story.run(["apply", "saved.tfplan"]));
      expect([sink(), story.rotations()]).toEqual([story.currentSecret(), 2]);

      const before = sink();
      story.write(files("3"));
      simulator().setFault({ kind: "empty", operation: "rotateWebhookSigningSecret" });
      const failed = await story.apply();
      expect(failed.code).toBe(1);
      expect(sink()).toBe(before);
      simulator().clearFaults();
      story.write(files("2"));
      await story.applies();
      expect(sink()).toBe(story.currentSecret());
      expect(sink()).not.toBe(before);

      const healed = sink();
      await story.applies({ args: ["-replace=polyai_webhook_secret.alerts"] });
      expect(sink()).toBe(story.currentSecret());
      expect(sink()).not.toBe(healed);
      expect((await story.plan()).code).toBe(0);
      expect(story.leaks("no secret in state")).toEqual([]);
    });

    it("adopts a known secret that never is in the state", async () => {
      const story = await begin(
        `
          ${encryptTo(ALICE)}
          initial_secret_wo         = var.known
          initial_secret_wo_version = 1`,
        {
          "known.tf": `
          variable "known" {
            type      = string
            ephemeral = true
          }`,
        },
      );
      const known = story.currentSecret();
      const env = { TF_VAR_known: known };
      await story.applies({ env });
      const { encrypted_signing_secret: file } = story.attributes(SecretWorkspace.ADDRESS)!;
      expect([story.rotations(), await open(String(file), ALICE.identity)]).toEqual([0, known]);
      expect((await story.plan({ env })).code).toBe(0);
      expect(story.leaks("no secret in state")).toEqual([]);
    });
  } else {
    it("refuses a write-only value, which this CLI would store", async () => {
      const story = await begin(`
        ${encryptTo(ALICE)}
        initial_secret_wo         = "whsec-not-to-be-stored"
        initial_secret_wo_version = 1`);
      const validated = await story.validate();
      expect(validated.code).toBe(1);
      expect(words(validated)).toContain("Write-only initial_secret_wo not supported");
    });
  }
});

/** Takes the place of the example's AWS Secrets Manager. */
const SINK = `
terraform {
  required_providers {
    polyai = { source = "${PROVIDER_ADDRESS}" }
    sink   = { source = "registry.terraform.io/test/sink" }
  }
}

variable "sink_folder" {
  type = string
}

provider "polyai" {
  max_retries = 0
}

provider "sink" {
  folder = var.sink_folder
}

resource "sink_secret" "alerts" {
  name              = "alerts"
  secret_wo         = ephemeral.polyai_webhook_secret.alerts.signing_secret
  secret_wo_version = polyai_webhook_secret.alerts.signing_secret_version
}
`;
