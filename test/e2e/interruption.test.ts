import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../../src/simulator/index.js";
import { describeForEachCli, type Running } from "../support/cli.js";
import { pluginsOf, until } from "../support/processes.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { CANARY_KEY, simulatorForAll } from "../support/simulator.js";

const ROTATE = "rotateWebhookSigningSecret";
const HOUR = 3_600_000;

describeForEachCli((cli) => {
  const simulator = simulatorForAll({ apiKey: CANARY_KEY });
  let workspace: SecretWorkspace;
  beforeAll(async () => {
    workspace = await SecretWorkspace.begin(cli, simulator());
  });
  beforeEach(async () => {
    await workspace.takeNewEndpoint();
    await apply("1");
  });
  // Whatever ended how: no secret shows, no process and no socket is left, and the next apply
  // brings the secret that is valid.
  afterEach(async () => {
    simulator().clearFaults();
    await until(() => readdirSync(workspace.temporary).length === 0, "an empty temporary folder");
    await apply("2");
    expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    expect(workspace.leaks()).toEqual([]);
  });

  const apply = async (trigger: string): Promise<void> => {
    workspace.configure(`rotation_trigger = "${trigger}"`);
    await workspace.applies();
  };

  /** An apply that rotates, with a process group of its own, once the API has got its request. */
  const startRotating = async (fault: Fault): Promise<Running & { readonly plugin: number }> => {
    const { length: before } = rotations();
    simulator().setFault({ ...fault, operation: ROTATE, resourceId: workspace.endpoint });
    workspace.configure(`rotation_trigger = "2"`);
    const running = workspace.start(["apply", "-auto-approve", "-no-color"], { ownGroup: true });
    await until(() => rotations().length > before, "the rotation");
    const [plugin, ...others] = pluginsOf(running.child.pid);
    expect([plugin, others]).toEqual([expect.any(Number), []]);
    return { ...running, plugin: plugin as number };
  };

  const rotations = () =>
    simulator().requests.filter(
      ({ operation, resourceId }) => operation === ROTATE && resourceId === workspace.endpoint,
    );

  /** True if the last request for a rotation has got its answer. */
  const isRefused = (): boolean =>
    rotations().some(({ fault, endedAt }) => fault !== null && endedAt !== null);

  /** A wait that runs to its end is followed by a third request. */
  const busy: Fault = { kind: "status", status: 503, retryAfter: 60 };
  /** The API has rotated, and holds its answer until {@link answer}. */
  const held: Fault = { kind: "slow", delayMs: HOUR, afterActing: true };
  const answer = () => simulator().advance(HOUR);

  describe.each(["SIGINT", "SIGTERM"] as const)("%s to the whole process group", (signal) => {
    it("lets the rotation in flight finish, and its secret is stored", async () => {
      const { child, result } = await startRotating(held);
      let printed = "";
      child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      process.kill(-(child.pid as number), signal);
      await until(() => /Interrupt|Stopping/i.test(printed), "the CLI's word");
      await answer();
      await result;
      expect(rotations()).toHaveLength(2);
      expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    });

    it("ends a wait between two tries, and tries no more", async () => {
      const { child, result } = await startRotating(busy);
      await until(() => isRefused(), "the refusal");
      process.kill(-(child.pid as number), signal);
      const { code, stdout, stderr } = await result;
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("Could not rotate the signing secret");
      expect(rotations()).toHaveLength(2);
      // Nothing was rotated, so what is stored is valid.
      expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    });
  });

  it("a plugin that is killed in the middle of a rotation fails the apply", async () => {
    const { plugin, result } = await startRotating(held);
    process.kill(plugin, "SIGKILL");
    const { code, stdout, stderr } = await result;
    expect(code).toBe(1);
    // Terraform sees first either that the connection is closed or that the process is gone.
    expect(stdout + stderr).toMatch(
      /Plugin did not respond|connection is shut down|EOF|request was cancelled/,
    );
    expect(workspace.storedSecret()).not.toBe(workspace.currentSecret());
    // Nobody is left who could remove the socket of a process that was killed.
    for (const left of readdirSync(workspace.temporary)) {
      expect(left).toMatch(/^plugin/);
      rmSync(join(workspace.temporary, left), { recursive: true });
    }
  });
});
