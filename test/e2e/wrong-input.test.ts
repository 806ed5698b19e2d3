import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, type RunResult } from "../support/cli.js";
import { accessTo } from "../support/simulator.js";
import { Workspace } from "../support/workspace.js";

/** The input that only a real CLI can refuse or make; test/provider/wrong-input.test.ts has the rest. */
describeForEachCli((cli) => {
  let simulator: Simulator;
  let workspace: Workspace;
  let endpoint: string;
  beforeAll(async () => {
    simulator = await startSimulator();
    endpoint = (await simulator.createEndpoint()).id;
    const env = accessTo(simulator);
    workspace = Workspace.make(cli, {}, env);
    await workspace.init();
  });
  afterAll(() => simulator.close());

  const configure = (args: string, more = "") =>
    workspace.write({
      "main.tf": `${more}
resource "polyai_webhook_secret" "this" {
  endpoint_id = "${endpoint}"
  ${args}
}
`,
    });

  it.each([
    ["a list where a map belongs", `rotation_triggers = ["a"]`, "rotation_triggers"],
    ["a map where text belongs", `rotation_trigger = { a = "b" }`, "rotation_trigger"],
    ["text where a number belongs", `rotate_after_days = "soon"`, "rotate_after_days"],
    ["null where a value must be", `rotation_triggers = { a = null }`, "rotation_triggers"],
    ["an attribute that only PolyAI sets", `signing_secret = "mine"`, "signing_secret"],
  ])("names %s at validate, at its attribute and once", async (_, args, attribute) => {
    configure(args);
    const validated = await workspace.validate();
    expect(validated.code).toBe(1);
    expect(validated.stderr.match(/^[│╷ ]*Error: /gm)).toHaveLength(1);
    expect(validated.stderr).toMatch(new RegExp(`${attribute} += `));
  });

  it("takes triggers that are known in part, of 1 MiB, and of any script", async () => {
    const more = `resource "terraform_data" "later" {\n  input = "later"\n}`;
    const big = "x".repeat(1024 * 1024);
    configure(
      `rotation_trigger = "${big}"
  rotation_triggers = {
    known   = "ключ 🔑"
    unknown = terraform_data.later.output
  }`,
      more,
    );
    const plan = await workspace.plan();
    expect([plan.code, plan.stderr]).toEqual([2, ""]);
    expect((await workspace.apply()).code).toBe(0);
    expect(await workspace.attributes("polyai_webhook_secret.this")).toMatchObject({
      rotation_trigger: big,
      rotation_triggers: { known: "ключ 🔑", unknown: "later" },
      signing_secret: simulator.currentSecret(endpoint),
    });
    expect((await workspace.plan()).code).toBe(0);
    expect(simulator.rotations(endpoint)).toBe(1);
  });

  it("refuses an id that is found to climb only during apply, and asks PolyAI nothing", async () => {
    const more = `resource "terraform_data" "id" {\n  input = "whe_/../.."\n}`;
    workspace.write({
      "main.tf": `${more}
resource "polyai_webhook_secret" "that" {
  endpoint_id = terraform_data.id.output
}
`,
    });
    simulator.clearRequests();
    const applied = await workspace.run([
      "apply",
      "-auto-approve",
      "-no-color",
      "-refresh=false",
      "-target=polyai_webhook_secret.that",
    ]);
    expect(applied.code).toBe(1);
    expect(errors(applied)).toContain("Invalid endpoint_id");
    expect(simulator.requests).toEqual([]);
  });
});

const errors = ({ stderr }: RunResult): string => stderr.replace(/^[│╷╵]\s?/gm, "");
