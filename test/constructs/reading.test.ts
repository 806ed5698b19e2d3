/** Data sources and functions, in both CDKs. */
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { signWebhook } from "../../src/webhooks/index.js";
import { describeForEachCli, isAtLeast, succeed } from "../support/cli.js";
import { accessTo } from "../support/simulator.js";
import { Workspace } from "../support/workspace.js";
import { type Build, describeForEachCdk } from "./both-cdks.js";

/** Of cdktn's provider class; cdktf's has none. */
interface WithFunctions {
  readonly functions?: { sign(secret: string, timestamp: string, body: string): string };
}

describeForEachCdk((synth, { cdk, lib }) => {
  describeForEachCli((cli) => {
    let simulator: Simulator;
    beforeAll(async () => {
      simulator = await startSimulator();
    });
    afterAll(() => simulator.close());

    const outputsOf = async (
      make: (stack: InstanceType<Build["cdk"]["TerraformStack"]>) => void,
    ) => {
      const workspace = new Workspace(cli, synth(make).folder, accessTo(simulator));
      await workspace.init();
      await succeed(workspace.apply());
      return workspace.outputs();
    };

    it("reads endpoints, rules and alerts", async () => {
      const { id, name } = await simulator.createEndpoint();
      const outputs = await outputsOf((stack) => {
        new lib.PolyaiProvider(stack, "polyai");
        const one = new lib.DataPolyaiWebhookEndpoint(stack, "One", { id });
        const all = new lib.DataPolyaiWebhookEndpoints(stack, "All", {});
        const alerts = new lib.DataPolyaiActiveAlerts(stack, "Alerts", {});
        const rules = new lib.DataPolyaiAlertRules(stack, "Rules", {});
        const values = {
          name: one.name,
          first: all.endpoints.get(0).id,
          rules: cdk.Fn.lengthOf(cdk.Token.asList(rules.interpolationForAttribute("rules"))),
          alerts: cdk.Fn.lengthOf(cdk.Token.asList(alerts.interpolationForAttribute("alerts"))),
        };
        for (const [output, value] of Object.entries(values)) {
          new cdk.TerraformOutput(stack, output, { value });
        }
      });
      expect(outputs).toMatchObject({ name, first: id, rules: 0, alerts: 0 });
    });

    if (isAtLeast(cli, { terraform: "1.8", tofu: "1.7" })) {
      it("signs by the provider's function", async () => {
        const outputs = await outputsOf((stack) => {
          const provider = new lib.PolyaiProvider(stack, "polyai") as object as WithFunctions;
          new cdk.TerraformOutput(stack, "signature", {
            value:
              provider.functions?.sign("secret", "1700000000", "{}") ??
              '${provider::polyai::sign("secret", "1700000000", "{}")}',
          });
        });
        expect(outputs.signature).toBe(
          signWebhook({ secret: "secret", timestamp: 1_700_000_000, payload: "{}" }),
        );
      });
    }
  });
});
