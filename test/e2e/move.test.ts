/** Moves from terraform_data and from null_resource, in a configuration that had rotated by curl. */
import { describeForEachCli, isAtLeast, words } from "../support/cli.js";
import { simulatorForAll } from "../support/simulator.js";
import { placeNull } from "../support/test-provider.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { REQUIRED_PROVIDERS } from "../support/workspace.js";

const NULL = `    null = {
      source  = "hashicorp/null"
      version = "3.2.4"
    }
`;
const FILES = { "versions.tf": REQUIRED_PROVIDERS.replace(/ {2}}\n}\n$/, `${NULL}  }\n}\n`) };
const moved = (type: string) => `moved {
  from = ${type}.rotation
  to   = polyai_webhook_secret.this
}
`;

describeForEachCli((cli) => {
  const simulator = simulatorForAll();

  /** A workspace that has applied this configuration. */
  const begin = async (configurationOf: (endpoint: string, secret: string) => string) => {
    const story = await SecretWorkspace.begin(cli, simulator(), "", {
      files: FILES,
      place: (folder) => placeNull(`${folder}/home`),
    });
    const main = configurationOf(story.endpoint, story.currentSecret());
    story.write({ "main.tf": main });
    await story.applies();
    return story;
  };

  if (!isAtLeast(cli, { terraform: "1.8", tofu: "1.10" })) {
    it("is refused by the CLI itself, which knows no move across types", async () => {
      const story = await begin(() => `resource "terraform_data" "rotation" {}\n`);
      story.configure("", moved("terraform_data"));
      expect((await story.plan()).code).toBe(1);
    });
    return;
  }

  it("takes a secret that terraform_data holds, and plans no change", async () => {
    const story = await begin(
      (endpoint, secret) => `resource "terraform_data" "rotation" {
  triggers_replace = ["${endpoint}", 7]
  input            = sensitive({ signing_secret = "${secret}" })
}
`,
    );
    story.configure(`rotation_trigger = 7`, moved("terraform_data"));
    const plan = await story.plan();
    expect(words(plan)).toContain("terraform_data.rotation has moved to");
    expect(plan.stdout).toMatch(/0 to add, 0 to change, 0 to destroy/);
    expect(plan.stdout).not.toMatch(/[~+] signing_secret/);
    await story.applies();
    expect([story.rotations(), story.storedSecret()]).toEqual([0, story.currentSecret()]);
    expect((await story.plan()).code).toBe(0);

    story.configure(`rotation_trigger = 8`);
    await story.applies();
    expect([story.rotations(), story.storedSecret()]).toEqual([1, story.currentSecret()]);
    expect(story.leaks()).toEqual([]);
  });

  it("keeps the known secret of null_resource, or says that it rotates", async () => {
    const story = await begin(
      (endpoint) => `resource "null_resource" "rotation" {
  triggers = {
    endpoint = "${endpoint}"
    quarter  = "2026-Q4"
  }
}
`,
    );
    story.configure(`rotation_triggers = { quarter = "2026-Q4" }`, moved("null_resource"));
    const unknown = await story.plan();
    expect(words(unknown)).toContain(
      "plan and apply the move with the secret in POLYAI_SIGNING_SECRET",
    );
    expect(unknown.stdout).toMatch(/[~+] signing_secret += \(sensitive value\)/);
    expect(unknown.stdout).toMatch(/[~+] rotation_reason += "secret not known"/);

    const env = { POLYAI_SIGNING_SECRET: story.currentSecret() };
    const plan = await story.plan({ env });
    expect(plan.stdout).toMatch(/0 to add, 0 to change, 0 to destroy/);
    await story.applies({ env });
    expect([story.rotations(), story.storedSecret()]).toEqual([0, story.currentSecret()]);
    expect((await story.plan()).code).toBe(0);
  });
});
