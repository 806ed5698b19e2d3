import type { Fault, Simulator } from "../../src/simulator/index.js";
import { describeForEachCli } from "../support/cli.js";
import { peakMemory, pluginsOf } from "../support/processes.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import { Workspace } from "../support/workspace.js";

/** The number of secrets. */
const SIZE = 100;
const LATENCY_MS = 20;
/** In bytes: 120 MB. */
const MOST_MEMORY = 120e6;
const ROTATE = "rotateWebhookSigningSecret";

/** Each spoils one request of every apply: together 5 %. */
const FAULTS: readonly Fault[] = [
  { kind: "status", status: 503 },
  { kind: "status", status: 500, afterActing: true },
  { kind: "reset", afterActing: true },
  { kind: "cutBody" },
  { kind: "empty" },
];

describeForEachCli((cli) => {
  const simulator = simulatorForAll({ latencyMs: LATENCY_MS });
  let workspace: Workspace;
  let endpoints: readonly string[];
  beforeAll(async () => {
    const made = Array.from({ length: SIZE }, () => simulator().createEndpoint());
    endpoints = (await Promise.all(made)).map(({ id }) => id);
    workspace = Workspace.make(cli, { "main.tf": hcl(endpoints) }, accessTo(simulator()));
    await workspace.init();
  });

  // The first creates, the others rotate.
  it.each([10, 50, 200])(
    `keeps ${SIZE} secrets true at parallelism %i under 5 %% of faults`,
    async (parallelism) => {
      simulator().clearRequests();
      FAULTS.forEach((fault, index) =>
        simulator().setFault({ ...fault, skip: 20 * index, times: 1, operation: ROTATE }),
      );
      const { result, peak } = measured(workspace, [
        ...["apply", "-auto-approve", "-input=false", "-no-color"],
        ...[`-parallelism=${parallelism}`, `-var=trigger=${parallelism}`],
      ]);
      const { code, stderr } = await result;
      expect([code, stderr]).toEqual([0, ""]);

      const current = endpoints.map((id) => simulator().currentSecret(id));
      expect((await workspace.outputs())["secrets"]).toEqual(current);
      expect(endpoints.filter((id) => !succeededOnceAtTheEnd(simulator(), id))).toEqual([]);
      expect(simulator().requests.filter(({ fault }) => fault !== null)).toHaveLength(
        FAULTS.length,
      );
      expect(peak()).toBeGreaterThan(0);
      expect(peak()).toBeLessThan(MOST_MEMORY);
      process.stdout.write(
        `${cli.product}: ${SIZE} secrets at parallelism ${parallelism}, at most ${Math.round(peak() / 1e6)} MB\n`,
      );
    },
    600_000,
  );
});

/** True if the last of an endpoint's rotations, and none before it, was answered as it should be. */
function succeededOnceAtTheEnd({ requests }: Simulator, endpoint: string): boolean {
  const calls = requests.filter(
    ({ operation, resourceId }) => operation === ROTATE && resourceId === endpoint,
  );
  return calls.length > 0 && calls.findIndex(({ fault }) => fault === null) === calls.length - 1;
}

/** Runs a command, and watches how much memory each of its plugin processes takes. */
function measured(workspace: Workspace, args: readonly string[]) {
  const { child, result } = workspace.start(args);
  const peaks = new Map<number, number>();
  const look = setInterval(() => {
    for (const pid of pluginsOf(child.pid)) {
      const bytes = peakMemory(pid);
      if (bytes !== undefined) peaks.set(pid, bytes);
    }
  }, 200);
  return {
    result: result.finally(() => clearInterval(look)),
    peak: () => Math.max(0, ...peaks.values()),
  };
}

const hcl = (endpoints: readonly string[]): string => `
variable "trigger" {}

locals {
  endpoints = ${JSON.stringify(endpoints)}
}

resource "polyai_webhook_secret" "all" {
  count            = length(local.endpoints)
  endpoint_id      = local.endpoints[count.index]
  rotation_trigger = var.trigger
}

output "secrets" {
  value     = polyai_webhook_secret.all[*].signing_secret
  sensitive = true
}
`;
