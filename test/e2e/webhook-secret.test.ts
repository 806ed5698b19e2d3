import { describeForEachCli } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { simulatorForAll } from "../support/simulator.js";

/**
 * The practitioner's view (exit codes, plan text, outputs) and the API's, with the real
 * CLI, the built plugin and the simulator.
 */
describeForEachCli((cli) => {
  const simulator = simulatorForAll();

  it("creates by rotating once, hides the secret, plans nothing, and rotates once more when the trigger changes", async () => {
    const story = await SecretWorkspace.begin(cli, simulator(), `rotation_trigger = "1"`);
    const plan = await story.plan();
    expect(plan.code).toBe(2);
    expect(plan.stdout).toMatch(/\+ signing_secret += \(sensitive value\)/);
    expect(plan.stdout).toMatch(/\+ rotation_count += 1/);
    expect(story.rotations()).toBe(0);

    const applied = await story.applies();
    expect(story.rotations()).toBe(1);
    expect(applied.stdout).toContain("secret = <sensitive>");
    expect(story.storedSecret()).toBe(story.currentSecret());
    expect((await story.outputs())["secret"]).toBe(story.currentSecret());
    expect(applied.stdout).not.toContain(story.currentSecret());

    const noop = await story.plan();
    expect([noop.code, noop.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
    expect((await story.run(["apply", "-refresh-only", "-auto-approve"])).code).toBe(0);
    expect((await story.applies()).stdout).toContain("0 added, 0 changed, 0 destroyed");
    expect(story.rotations()).toBe(1);

    const first = story.currentSecret();
    story.configure(`rotation_trigger = "2"`);
    const update = await story.plan();
    expect(update.code).toBe(2);
    expect(update.stdout).toContain("will be updated in-place");
    expect(update.stdout).toMatch(/~ signing_secret += \(sensitive value\)/);
    expect(update.stdout).toMatch(/~ rotation_count += 1 -> 2/);
    expect(story.rotations()).toBe(1);
    expect((await story.applies()).stdout).toContain("0 added, 1 changed, 0 destroyed");
    expect(story.rotations()).toBe(2);
    expect(story.attributes(SecretWorkspace.ADDRESS)).toMatchObject({
      signing_secret: story.currentSecret(),
      previous_signing_secret: first,
      rotation_count: 2,
    });
    expect(story.currentSecret()).not.toBe(first);
    expect((await story.plan()).code).toBe(0);
  });

  it("plans with a key that is known only during apply", async () => {
    const story = await SecretWorkspace.begin(cli, simulator());
    story.configure(
      `rotation_trigger = "1"`,
      `resource "terraform_data" "key" {
        input = "${simulator().apiKey}"
      }
      provider "polyai" {
        api_key = terraform_data.key.output
      }`,
    );
    const unset = { env: { POLYAI_API_KEY: undefined } };
    expect((await story.plan(unset)).code).toBe(2);
    expect((await story.apply(unset)).code).toBe(0);
    expect(story.storedSecret()).toBe(story.currentSecret());
  });
});
