import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, example, isAtLeast, succeed } from "../support/cli.js";
import { ask, RULE as API_RULE } from "../support/provider.js";
import { accessTo } from "../support/simulator.js";
import { Workspace } from "../support/workspace.js";

/** The resources beside the secret, with the real CLI, the built plugin and the simulator. */

const PROVIDER = `provider "polyai" {}\n`;
const ENDPOINT = (args = "", name = "hook"): string => `
resource "polyai_webhook_endpoint" "${name}" {
  name        = "Hook"
  url         = "https://example.com/hook"
  event_types = ["alerts.triggered", "alerts.resolved"]
  ${args}
}
`;
const RULE = (args = ""): string => `
resource "polyai_alert_rule" "slow" {
  name            = "Slow turns"
  metric          = "turn_latency_p95"
  operator        = ">="
  threshold_value = 1500
  window_duration = "5m"
  ${args}
}
`;

const MOVED = `
moved {
  from = polyai_webhook_endpoint.hook
  to   = polyai_webhook_endpoint.receiver
}
`;

describeForEachCli((cli) => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.close());

  const begin = async (main: string): Promise<Workspace> => {
    const env = accessTo(simulator);
    const workspace = Workspace.make(cli, { "main.tf": PROVIDER + main }, env);
    await workspace.init();
    return workspace;
  };
  const configure = (workspace: Workspace, main: string): void =>
    workspace.write({ "main.tf": PROVIDER + main });
  const changes = () =>
    simulator.requests.filter(({ method }) => method !== "GET").map(({ operation }) => operation);

  it("creates, plans nothing, updates in place, under another name too, and destroys", async () => {
    const headers = `headers = { Authorization = "Bearer hunter2-hunter2" }`;
    const workspace = await begin(ENDPOINT(headers) + RULE(`project_id = "proj_1"`));
    const applied = await succeed(workspace.apply());
    expect(applied.stdout).toContain("2 added, 0 changed, 0 destroyed");
    const noop = await workspace.plan();
    expect([noop.code, noop.stdout]).toEqual([0, expect.stringContaining("No changes.")]);

    const changed = ENDPOINT(`${headers}\n  enabled = false`, "receiver") + RULE();
    configure(workspace, changed + MOVED);
    const plan = await workspace.plan();
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain("0 to add, 2 to change, 0 to destroy");
    expect(plan.stdout).toMatch(/~ enabled +?= true -> false/);
    expect(plan.stdout).toMatch(/- project_id += "proj_1"( -> null)?/);
    expect(plan.stdout.match(/known after apply/g)).toHaveLength(2);
    await succeed(workspace.apply());
    expect((await workspace.plan()).code).toBe(0);

    await succeed(workspace.destroy());
    expect(changes()).toEqual(expect.arrayContaining(["deleteWebhookEndpoint", "deleteAlertRule"]));
    expect(changes()).toHaveLength(6);
    expect(applied.stdout + plan.stdout).not.toContain("hunter2-hunter2");
  });

  it("plans nothing for a rule that fires, and a check block warns of it", async () => {
    const workspace = await begin(RULE());
    await succeed(workspace.apply());
    await simulator.setMetric({ metric: "turn_latency_p95", value: 2000 });
    const plan = await workspace.plan();
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
    expect(plan.stdout).not.toContain("current_state");

    configure(workspace, RULE() + example("data-sources/polyai_active_alerts/data-source.tf"));
    const warned = await succeed(workspace.apply());
    expect(warned.stdout).toContain("Active alerts: Slow turns.");
    await simulator.setMetric({ metric: "turn_latency_p95", value: 1000 });
    expect((await succeed(workspace.apply())).stdout).not.toContain("Active alerts");
  });

  it("keeps headers that no configuration may have, if ignore_changes says so", async () => {
    const { id } = await simulator.createEndpoint({
      name: "Hook",
      url: "https://example.com/hook",
      headers: { "Content-Type": "text/plain" },
    });
    const block = `import {\n  to = polyai_webhook_endpoint.hook\n  id = "${id}"\n}\n`;
    const workspace = await begin(
      ENDPOINT("lifecycle {\n    ignore_changes = [headers]\n  }") + block,
    );
    const applied = await succeed(workspace.apply());
    expect(applied.stdout).toContain("1 imported, 0 added, 0 changed, 0 destroyed");
    expect(changes()).toEqual([]);
  });

  const itFrom = (oldest: Parameters<typeof isAtLeast>[1]) =>
    isAtLeast(cli, oldest) ? it : () => undefined;

  itFrom({ terraform: "1.7", tofu: "1.7" })(
    "adopts all of an account's endpoints and rules without changing any, and rotates secrets if told to",
    async () => {
      await simulator.createEndpoint({ name: "A", headers: { a: "1" }, timeout_ms: 9000 });
      await simulator.createEndpoint({ name: "B", enabled: false });
      await ask(simulator, "POST", "/v1/alert-rules", { ...API_RULE, project_id: "proj_1" });
      const workspace = await begin(example("adopt-existing/main.tf"));
      const applied = await succeed(workspace.apply());
      expect(applied.stdout).toContain("3 imported, 0 added, 0 changed, 0 destroyed");
      expect((await workspace.plan()).code).toBe(0);
      expect(changes()).toEqual(["createAlertRule"]);

      const rotated = await succeed(workspace.apply({ args: ["-var=rotate_secrets=true"] }));
      expect(rotated.stdout).toContain("2 added, 0 changed, 0 destroyed");
      expect(changes().slice(1)).toEqual(Array(2).fill("rotateWebhookSigningSecret"));
    },
  );

  itFrom({ terraform: "1.12", tofu: "1.12" })("imports by identity, and stores it", async () => {
    const { id } = await simulator.createEndpoint({
      name: "Hook",
      url: "https://example.com/hook",
    });
    const workspace = await begin(
      `${ENDPOINT()}
import {
  to       = polyai_webhook_endpoint.hook
  identity = { id = "${id}" }
}`,
    );
    const applied = await succeed(workspace.apply());
    expect(applied.stdout).toContain("1 imported, 0 added, 0 changed, 0 destroyed");
    expect(workspace.state().resources?.[0]?.instances[0]?.identity).toEqual({ id });
  });

  itFrom({ terraform: "1.8", tofu: "1.7" })("calls the functions of the examples", async () => {
    const workspace = await begin(
      ["sign", "verify"].map((name) => example(`functions/${name}/function.tf`)).join("\n"),
    );
    await succeed(workspace.apply());
    const outputs = await workspace.outputs();
    const signature = /signature = "([0-9a-f]{64})"/.exec(example("functions/verify/function.tf"));
    expect(outputs["test_delivery_headers"]).toEqual({
      "X-PolyAI-Timestamp": "1767225600",
      "X-PolyAI-Signature": signature?.[1],
    });
    expect(outputs["signed_by_polyai"]).toBe(true);
  });
});
