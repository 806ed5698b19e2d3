import { describeForEachCli, example, words } from "../support/cli.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import { STATE_FILE, Workspace } from "../support/workspace.js";

const DAY_MS = 24 * 60 * 60 * 1000;

describeForEachCli((cli) => {
  const simulator = simulatorForAll();
  let workspace: Workspace;
  beforeAll(async () => {
    const { id } = await simulator().createEndpoint();
    workspace = Workspace.make(
      cli,
      { "main.tf": example("rotation-due/main.tf"), "versions.tf": "" },
      { ...accessTo(simulator()), TF_VAR_endpoint_id: id },
    );
    await workspace.init();
    expect((await workspace.apply()).code).toBe(0);
  });

  /** Makes the state one that an earlier version wrote, so many days ago. */
  const aged = (days: number) => {
    const state = workspace.state();
    const attributes = state.resources?.[0]?.instances[0]?.attributes ?? {};
    attributes["rotated_at"] = new Date(Date.now() - days * DAY_MS).toISOString();
    delete attributes["next_rotation_at"];
    delete attributes["rotation_reason"];
    workspace.write({ [STATE_FILE]: JSON.stringify(state) });
  };

  it.each([
    [81, false],
    [83, true],
  ])("of 89 days, after %d: does the example warn? %s", async (days, warns) => {
    aged(days);
    const plan = await workspace.plan();
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
    expect(/Warning: Check block assertion failed/.test(words(plan))).toBe(warns);
    expect(words(plan).includes("The secret rotates in the first apply after 20")).toBe(warns);
  });
});
