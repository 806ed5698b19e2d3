/** Some of the faults in test/provider/faults.test.ts, as they meet a practitioner at the real CLI. */
import type { Fault, Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, words } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { startCanarySimulator } from "../support/simulator.js";

const PROVIDER = `provider "polyai" {
  max_retries     = 1
  request_timeout = 2
}`;
const ROTATE = "rotateWebhookSigningSecret";
const MAY_HAVE_CHANGED = /may have changed.*receivers may be refusing deliveries now.*Apply again/;

describeForEachCli((cli) => {
  let simulator: Simulator;
  let workspace: SecretWorkspace;
  beforeAll(async () => {
    simulator = await startCanarySimulator();
    workspace = await SecretWorkspace.begin(cli, simulator);
  });
  afterAll(() => simulator.close());
  beforeEach(() => workspace.takeNewEndpoint());
  afterEach(() => {
    simulator.clearFaults();
    expect(workspace.leaks()).toEqual([]);
  });

  const configure = (trigger: string): void =>
    workspace.configure(`rotation_trigger = "${trigger}"`, PROVIDER);
  const expectHealed = async (): Promise<void> => {
    simulator.clearFaults();
    await workspace.applies();
    expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    expect((await workspace.plan()).code).toBe(0);
  };

  it("creates by a second attempt if the first one's connection is reset", async () => {
    configure("1");
    simulator.setFault({ kind: "reset", afterActing: true, times: 1, operation: ROTATE });
    await workspace.applies();
    expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    expect(workspace.rotations()).toBe(2);
  });

  it("says that a creation whose answer was cut may have rotated, and the next apply creates", async () => {
    configure("1");
    simulator.setFault({ kind: "cutBody", operation: ROTATE });
    const failed = await workspace.apply();
    expect([failed.code, words(failed)]).toEqual([1, expect.stringMatching(MAY_HAVE_CHANGED)]);
    expect(workspace.storedSecret()).toBeUndefined();
    await expectHealed();
  });

  it.each<[string, Fault, boolean]>([
    ["is lost", { kind: "cut", afterActing: true }, true],
    ["is a 401", { kind: "status", status: 401 }, false],
    ["leads elsewhere", { kind: "redirect", location: "https://example.com/" }, false],
  ])(
    "tells whether the secret may have changed if the answer to a rotation %s, and heals",
    async (_, fault, mayHaveChanged) => {
      configure("1");
      await workspace.applies();
      configure("2");
      simulator.setFault({ ...fault, operation: ROTATE });
      const failed = await workspace.apply();
      expect(failed.code).toBe(1);
      expect(MAY_HAVE_CHANGED.test(words(failed))).toBe(mayHaveChanged);
      simulator.clearFaults();
      configure("1");
      expect((await workspace.plan()).code).toBe(mayHaveChanged ? 2 : 0);
      await expectHealed();
    },
  );

  it("keeps the state if a refresh fails, and rotates nothing", async () => {
    configure("1");
    await workspace.applies();
    simulator.setFault({ kind: "status", status: 503, operation: "getWebhookEndpoint" });
    expect((await workspace.plan()).code).toBe(1);
    await expectHealed();
    expect(workspace.rotations()).toBe(1);
  });
});
