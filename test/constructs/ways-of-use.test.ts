/** Common uses of resources, data sources and functions in CDK programs, tried on ours, in both CDKs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { signWebhook } from "../../src/webhooks/index.js";
import { describeForEachCli, isAtLeast, succeed } from "../support/cli.js";
import { accessTo } from "../support/simulator.js";
import { Workspace } from "../support/workspace.js";
import { describeForEachCdk } from "./both-cdks.js";
import { temporaryFolder } from "../support/temporary-folder.js";

/** Of cdktn's provider class; cdktf's has none. */
interface WithFunctions {
  readonly functions?: { sign(secret: string, timestamp: string, body: string): string };
}

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

describeForEachCdk((synth, { cdk, lib }) => {
  const secretsOf = (make: Parameters<typeof synth>[0]) =>
    synth(make).json.resource?.polyai_webhook_secret as unknown;

  it("takes a token for every property and element, and text with an expression as one", () => {
    const made = secretsOf((stack) => {
      const text = new cdk.TerraformVariable(stack, "text", { type: "string" }).stringValue;
      const number = new cdk.TerraformVariable(stack, "number", { type: "number" }).numberValue;
      const list = new cdk.TerraformVariable(stack, "list", { type: "list(string)" }).listValue;
      const map = new cdk.TerraformVariable(stack, "map", { type: "map(string)" });
      new lib.PolyWebhookSecret(stack, "Alerts", {
        endpointId: text,
        rotationTrigger: text,
        rotationTriggers: cdk.Token.asStringMap(map.value),
        rotateAfterDays: number,
        onDestroy: text,
        encryptTo: list,
        initialSecret: text,
        initialSecretWo: text,
        initialSecretWoVersion: number,
      });
      const absent = null as unknown as string;
      new lib.PolyWebhookSecret(stack, "Elements", {
        endpointId: "whe_a",
        rotationTriggers: { incident: text, absent },
        encryptTo: [text],
      });
      const any = (value: string) => value as never;
      new lib.PolyWebhookSecret(stack, "Expressions", {
        endpointId: "${var.text}",
        initialSecret: "${var.text}",
        rotationTriggers: any("${var.map}"),
        rotateAfterDays: any("%{ if var.on }1%{ else }2%{ endif }"),
        encryptTo: any("${var.list}"),
      });
    });
    expect(made).toEqual({
      Alerts: {
        endpoint_id: "${var.text}",
        rotation_trigger: "${var.text}",
        rotation_triggers: "${var.map}",
        rotate_after_days: "${var.number}",
        on_destroy: "${var.text}",
        encrypt_to: "${var.list}",
        initial_secret: "${var.text}",
        initial_secret_wo: "${var.text}",
        initial_secret_wo_version: "${var.number}",
      },
      Elements: {
        endpoint_id: "whe_a",
        rotation_triggers: { incident: "${var.text}" },
        encrypt_to: ["${var.text}"],
      },
      Expressions: {
        endpoint_id: "${var.text}",
        initial_secret: "${var.text}",
        rotation_triggers: "${var.map}",
        rotate_after_days: "%{ if var.on }1%{ else }2%{ endif }",
        encrypt_to: "${var.list}",
      },
    });
  });

  it("iterates on the L1 by count, over a list, and over a map", () => {
    const { json } = synth((stack) => {
      new lib.PolyaiProvider(stack, "polyai");
      const three = cdk.TerraformCount.of(3);
      new lib.WebhookSecret(stack, "Counted", {
        count: three,
        endpointId: "whe_a",
        rotationTrigger: three.index.toString(),
      });
      const list = cdk.TerraformIterator.fromList(["whe_a", "whe_b"]);
      new lib.WebhookSecret(stack, "Listed", { forEach: list, endpointId: list.value as string });
      const map = cdk.TerraformIterator.fromMap({ a: "whe_a" });
      const mapped = new lib.WebhookSecret(stack, "Mapped", {
        forEach: map,
        endpointId: map.value as string,
      });
      new cdk.TerraformOutput(stack, "fingerprints", {
        value: cdk.TerraformIterator.fromResources(mapped).pluckProperty("fingerprint"),
      });
    });
    expect(json.resource?.polyai_webhook_secret).toEqual({
      Counted: { count: 3, endpoint_id: "whe_a", rotation_trigger: "${count.index}" },
      Listed: { for_each: '${toset(["whe_a", "whe_b"])}', endpoint_id: "${each.value}" },
      Mapped: { for_each: { a: "whe_a" }, endpoint_id: "${each.value}" },
    });
    expect(json.output?.fingerprints?.value).toContain("polyai_webhook_secret.Mapped");
  });

  it("is reached by aspects, overrides and escape hatches", () => {
    const made = secretsOf((stack) => {
      const secret = new lib.PolyWebhookSecret(stack, "Alerts", { endpointId: "whe_a" });
      secret.resource.addOverride("rotation_trigger", "overridden");
      secret.resource.lifecycle = { preventDestroy: true };
      cdk.Aspects.of(stack).add({
        visit: (node) => {
          if (node instanceof lib.WebhookSecret) node.onDestroy = "invalidate";
        },
      });
    });
    expect(made).toEqual({
      Alerts: {
        endpoint_id: "whe_a",
        rotation_trigger: "overridden",
        lifecycle: { prevent_destroy: true },
        on_destroy: "invalidate",
      },
    });
  });

  it("imports, as a construct and by the L1's generateConfigForImport", () => {
    const { json } = synth((stack) => {
      lib.PolyWebhookSecret.importEndpoint(stack, "Alerts", { endpointId: "whe_a" });
      lib.WebhookSecret.generateConfigForImport(stack, "Plain", "whe_b");
    });
    expect(json.import).toEqual([
      { id: "whe_a", to: "polyai_webhook_secret.Alerts" },
      { id: "whe_b", to: "polyai_webhook_secret.Plain" },
    ]);
  });

  describeForEachCli((cli) => {
    const applied = async (folder: string) => {
      const workspace = new Workspace(cli, folder, accessTo(simulator));
      await workspace.init();
      const { stdout } = await succeed(workspace.apply());
      return { stdout, outputs: await workspace.outputs() };
    };

    it("crosses stacks, to a resource that gets the secret, and stays sensitive there, null or not", async () => {
      const { id } = await simulator.createEndpoint();
      const outdir = temporaryFolder();
      const app = new cdk.App({ outdir });
      const [from, to] = ["from", "to"].map((name) => {
        const stack = new cdk.TerraformStack(app, name);
        new cdk.LocalBackend(stack, { path: join(outdir, `${name}.tfstate`) });
        return stack;
      });
      const secret = new lib.PolyWebhookSecret(from!, "Alerts", {
        endpointId: id,
        exportSecret: false,
      });
      const holder = new cdk.TerraformResource(to!, "Holder", {
        terraformResourceType: "terraform_data",
      });
      holder.addOverride("input", secret.signingSecret);
      // Inside a text and a function, too.
      holder.addOverride("triggers_replace", [
        `Bearer ${secret.signingSecret}`,
        cdk.Fn.join(",", [secret.signingSecret]),
        secret.previousSigningSecret,
        secret.nextRotationAt,
      ]);
      new cdk.TerraformOutput(to!, "held", {
        value: holder.getStringAttribute("output"),
        sensitive: true,
      });
      app.synth();

      const first = await applied(join(outdir, "stacks/from"));
      const second = await applied(join(outdir, "stacks/to"));
      const { held } = second.outputs;
      expect(held).toBe(simulator.currentSecret(id));
      expect(first.stdout + second.stdout).not.toContain(held);
      const { output } = JSON.parse(
        readFileSync(join(outdir, "stacks/from/cdk.tf.json"), "utf8"),
      ) as { output: Record<string, { sensitive: boolean }> };
      expect(Object.values(output).map(({ sensitive }) => sensitive)).toEqual([true, true, true]);
    });

    it("reads endpoints, rules and alerts, and signs by the provider's function", async () => {
      const { id, name } = await simulator.createEndpoint();
      const signs = isAtLeast(cli, { terraform: "1.8", tofu: "1.7" });
      const { folder } = synth((stack) => {
        const provider = new lib.PolyaiProvider(stack, "polyai") as object as WithFunctions;
        const one = new lib.DataPolyaiWebhookEndpoint(stack, "One", { id });
        const all = new lib.DataPolyaiWebhookEndpoints(stack, "All", {});
        const alerts = new lib.DataPolyaiActiveAlerts(stack, "Alerts", {});
        const rules = new lib.DataPolyaiAlertRules(stack, "Rules", {});
        const values = {
          name: one.name,
          first: all.endpoints.get(0).id,
          rules: cdk.Fn.lengthOf(cdk.Token.asList(rules.interpolationForAttribute("rules"))),
          alerts: cdk.Fn.lengthOf(cdk.Token.asList(alerts.interpolationForAttribute("alerts"))),
          ...(signs && {
            signature:
              provider.functions?.sign("secret", "1700000000", "{}") ??
              '${provider::polyai::sign("secret", "1700000000", "{}")}',
          }),
        };
        for (const [output, value] of Object.entries(values)) {
          new cdk.TerraformOutput(stack, output, { value });
        }
      });
      const { outputs } = await applied(folder);
      expect(outputs).toMatchObject({ name, first: id, rules: 0, alerts: 0 });
      const signed = { secret: "secret", timestamp: 1_700_000_000, payload: "{}" };
      expect(outputs.signature).toBe(signs ? signWebhook(signed) : undefined);
    });
  });
});
