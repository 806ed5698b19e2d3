import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { seal, type Key } from "../support/age.js";
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
import { placeSink } from "../support/test-provider.js";
import { PROVIDER_ADDRESS, type Environment } from "../support/workspace.js";

const example = (name: string): string => readFileSync(join(ROOT, "examples", name), "utf8");

describeForEachCli((cli) => {
  let simulator: Simulator;
  let alice: Key;
  let bob: Key;
  beforeAll(async () => {
    simulator = await startSimulator();
    alice = await newWatchedKey();
    bob = await newWatchedKey();
  });
  afterEach(() => simulator.clearFaults());
  afterAll(() => simulator.close());

  const begin = (files: Files, env?: Environment): Promise<SearchedWorkspace> =>
    SearchedWorkspace.begin(cli, simulator, files, env, placeSink);

  if (isAtLeast(cli, { terraform: "1.11", tofu: "1.11" })) {
    describe("a sink with write-only arguments", () => {
      const files = (trigger: string) => ({
        "main.tf": example("encrypted-secret/main.tf"),
        "sink.tf": SINK,
        "versions.tf": "",
        "trigger.auto.tfvars": `rotation_trigger = "${trigger}"\n`,
      });
      const beginWithSink = (): Promise<SearchedWorkspace> =>
        begin(files("1"), {
          TF_VAR_age_recipient: alice.recipient,
          TF_VAR_age_identity: `# alice\n${alice.identity}\n`,
        });

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
        const files = {
          "main.tf": `
            variable "ciphertext" {
              type = string
            }
            ephemeral "polyai_webhook_secret" "alerts" {
              encrypted_signing_secret = var.ciphertext
            }`,
          "sink.tf": SINK.replace("polyai_webhook_secret.alerts.rotation_count", "1"),
          "versions.tf": "",
        };
        const story = await begin(files, {
          POLYAI_API_KEY: "none",
          POLYAI_BASE_URL: "http://127.0.0.1:9",
          POLYAI_AGE_IDENTITY: alice.identity,
          TF_VAR_ciphertext: await seal("whsec_fromSomewhereElse", alice.recipient),
        });
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
          ...secretResource(`
            ${encryptTo(alice)}
            initial_secret_wo         = var.known
            initial_secret_wo_version = 1`),
          "known.tf": `
            variable "known" {
              type      = string
              ephemeral = true
            }`,
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
        secretResource(`
          ${encryptTo(alice)}
          initial_secret_wo         = "whsec-not-to-be-stored"
          initial_secret_wo_version = 1`),
      );
      const validated = await story.run(["validate"]);
      expect(validated.code).toBe(1);
      expect(text(validated)).toContain("Write-only initial_secret_wo not supported");
    });

    it("leaves it to the CLI to say that it knows no ephemeral block", async () => {
      const story = await begin(secretResource(encryptTo(alice)));
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
});

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

provider "polyai" {
  max_retries = 0
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
