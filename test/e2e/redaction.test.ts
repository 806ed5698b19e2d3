import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Canary, isState, type Leak } from "../support/canary.js";
import { describeForEachCli, isAtLeast, succeed } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { CANARY_KEY as API_KEY, simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { PLUGIN_FOLDER } from "../support/workspace.js";

const { ADDRESS } = SecretWorkspace;

describeForEachCli((cli) => {
  const simulator = simulatorForAll({ apiKey: API_KEY });

  const begin = (args?: string): Promise<SecretWorkspace> =>
    SecretWorkspace.begin(cli, simulator(), args);

  it("shows neither key nor secret while a secret is made, rotated, imported and destroyed", async () => {
    const story = await begin(`rotation_trigger = "1"`);
    await succeed(story.run(["apply", "-auto-approve"]));
    story.configure(`rotation_trigger = "2"`);
    await succeed(story.run(["plan", "-out=saved.tfplan"]));
    expect(keyIn(story.inPlan("saved.tfplan"))).toEqual([]);
    // The prior secret, as Terraform keeps it: this also shows that the plan was read.
    expect(story.inPlan("saved.tfplan")).toContainEqual({
      place: "tfplan",
      what: "a signing secret, as it is",
    });
    await succeed(story.run(["show", "saved.tfplan"]));
    await succeed(story.run(["apply", "saved.tfplan"]));
    await succeed(story.run(["show"]));
    await succeed(story.run(["output"]));
    await succeed(story.run(["state", "rm", ADDRESS]));
    const env = { POLYAI_SIGNING_SECRET: story.currentSecret() };
    await succeed(story.run(["import", ADDRESS, story.endpoint], { env }));
    story.configure(`rotation_trigger = "2"\n  on_destroy = "invalidate"`);
    await succeed(story.run(["apply", "-auto-approve", "-json"]));
    await succeed(story.run(["destroy", "-auto-approve"]));
    expect(story.leaks()).toEqual([]);
    expect(story.read("trace.log")).toContain("rotate-secret");
  });

  it("leaves the key out of the state when it comes from a sensitive variable", async () => {
    const story = await begin();
    story.configure("", fromVariable("sensitive"));
    await succeed(story.run(["apply", "-auto-approve"], { env: VARIABLE }));
    expect(story.leaks()).toEqual([]);
    // Terraform keeps variables in saved plans, and docs/reliability.md says so.
    await succeed(story.run(["plan", "-out=saved.tfplan"], { env: VARIABLE }));
    expect(keyIn(story.inPlan("saved.tfplan"))).not.toEqual([]);
  });

  const hasEphemeralVariables = isAtLeast(cli, { terraform: "1.10", tofu: "1.11" });
  (hasEphemeralVariables ? it : it.failing)(
    "leaves the key out of the saved plan, too, when the variable is ephemeral",
    async () => {
      const story = await begin();
      story.configure("", fromVariable("ephemeral"));
      await succeed(story.run(["plan", "-out=saved.tfplan"], { env: VARIABLE }));
      expect(keyIn(story.inPlan("saved.tfplan"))).toEqual([]);
      await succeed(story.run(["apply", "-auto-approve"], { env: VARIABLE }));
      expect(story.leaks()).toEqual([]);
    },
  );
});

/** The definition of a variable that gives the key. */
const VARIABLE = { POLYAI_API_KEY: undefined, TF_VAR_key: API_KEY };

const fromVariable = (kind: "sensitive" | "ephemeral"): string => `
variable "key" {
  type = string
  ${kind} = true
}

provider "polyai" {
  api_key = var.key
}`;

const keyIn = (leaks: readonly Leak[]): readonly Leak[] =>
  leaks.filter(({ what }) => what.startsWith("the API key"));

describe("the search", () => {
  it.each([
    ["the API key, as it is", `x-api-key: ${API_KEY}\n`],
    ["the API key, escaped for JSON", JSON.stringify({ key: API_KEY })],
    ["the API key, in hex", Buffer.from(API_KEY).toString("hex")],
    ["the API key, in base64", Buffer.from(`{"${API_KEY}"}`).toString("base64url")],
    ["the API key, URL-encoded", `?key=${encodeURIComponent(API_KEY)}`],
    ["a signing secret, as it is", "secret=whsec_nobodyToldItThisOne"],
    ["a signing secret, in base64", btoa("secret=whsec_nobodyToldItThisOne")],
    ["a signing secret, in hex", Buffer.from("whsec_nobodyToldItThisOne").toString("hex")],
  ])("finds %s, in any file, and only the key in a state", (what, planted) => {
    const folder = temporaryFolder();
    for (const place of ["planted", "terraform.tfstate.backup"]) {
      writeFileSync(join(folder, place), `\0${planted}\0`);
    }
    const leaks = new Canary(API_KEY).scanFolder(folder, isState);
    const isKey = what.startsWith("the API key");
    expect(leaks.filter((leak) => leak.what === what)).toHaveLength(isKey ? 2 : 1);
  });

  it("finds nothing in the plugin itself", () => {
    expect(new Canary(API_KEY).scanFolder(PLUGIN_FOLDER, isState)).toEqual([]);
  });
});
