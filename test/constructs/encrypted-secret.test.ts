/** A secret that no state holds in plain text, in both CDKs. */
import { Testing } from "cdktf";
import { EphemeralPolyaiWebhookSecret } from "../../lib/index.js";
import { startSimulator } from "../../src/simulator/index.js";
import { ALICE } from "../support/age.js";
import { describeForEachCli, isAtLeast, succeed } from "../support/cli.js";
import { accessTo } from "../support/simulator.js";
import { Workspace } from "../support/workspace.js";
import { describeForEachCdk } from "./both-cdks.js";
import { testStack } from "./stack-fixture.js";

const ENCRYPTED = { endpointId: "whe_a", encryptTo: [ALICE.recipient] };
describeForEachCdk((synth, { cdk, lib }) => {
  it("is revealed by an ephemeral resource of the same provider block", () => {
    const { json } = synth((stack) => {
      const uk = new lib.PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
      const identity = new cdk.TerraformVariable(stack, "identity", { sensitive: true });
      const secret = new lib.PolyWebhookSecret(stack, "Alerts", {
        ...ENCRYPTED,
        provider: uk,
      });
      const opened = secret.reveal("Opened", { identity: identity.stringValue });
      const sink = new cdk.TerraformResource(stack, "Sink", { terraformResourceType: "sink" });
      sink.addOverride("secret_wo", opened.signingSecret);
    });
    const ciphertext = "${polyai_webhook_secret.Alerts.encrypted_signing_secret}";
    const { Alerts_encrypted_signing_secret: exported, ...others } = json.output ?? {};
    expect([exported?.value, others]).toEqual([ciphertext, {}]);
    const blocks = Object.entries(json.ephemeral?.polyai_webhook_secret ?? {});
    expect(blocks).toEqual([
      [
        expect.stringMatching(/^Alerts_Opened_[0-9A-F]{8}$/),
        {
          encrypted_signing_secret: ciphertext,
          identity: "${var.identity}",
          provider: "polyai.uk",
        },
      ],
    ]);
    expect(json.resource).not.toHaveProperty(["ephemeral.polyai_webhook_secret"]);
    expect(json.resource?.sink?.Sink?.secret_wo).toBe(
      `\${ephemeral.polyai_webhook_secret.${blocks[0]![0]}.signing_secret}`,
    );
    expect(json.provider?.polyai).toEqual([{ alias: "uk", region: "uk" }]);
  });

  it("refuses to reveal what is not encrypted, and a literal identity", () => {
    const reveal = (props: { endpointId: string }, options: { identity?: string }) => () =>
      synth((stack) => {
        new lib.PolyWebhookSecret(stack, "Alerts", props).reveal("Opened", options);
      });
    expect(reveal({ endpointId: "whe_a" }, {})).toThrow(
      /PolyWebhookSecret stack\/Alerts: .*there is no encryptTo/,
    );
    const literal = reveal(ENCRYPTED, { identity: ALICE.identity });
    expect(literal).toThrow("identity must be a token");
    expect(literal).not.toThrow(ALICE.identity);
  });

  describeForEachCli((cli) => {
    if (!isAtLeast(cli, { terraform: "1.11", tofu: "1.11" })) return;

    it("is the endpoint's secret where it is revealed", async () => {
      const simulator = await startSimulator();
      const { id } = await simulator.createEndpoint();
      const { folder } = synth((stack) => {
        const props = { ...ENCRYPTED, endpointId: id };
        const secret = new lib.PolyWebhookSecret(stack, "Alerts", props);
        new cdk.TerraformVariable(stack, "expected", { default: "" });
        secret.reveal("Opened").lifecycle = {
          postcondition: [
            {
              condition: `\${substr(sha256(self.signing_secret), 0, 16) == coalesce(var.expected, polyai_webhook_secret.Alerts.fingerprint)}`,
              errorMessage: "It is another secret.",
            },
          ],
        };
      });
      const workspace = new Workspace(cli, folder, {
        ...accessTo(simulator),
        POLYAI_AGE_IDENTITY: ALICE.identity,
      });
      await workspace.init();
      await succeed(workspace.apply());
      // Now that the ciphertext is known, a plan opens it.
      await succeed(workspace.run(["plan"]));
      const refused = await workspace.plan({ args: ["-var=expected=0000000000000000"] });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain("It is another secret.");
      expect(refused.stdout + refused.stderr).not.toContain(simulator.currentSecret(id));
      await simulator.close();
    });
  });
});

it("cdktf says that it cannot write an ephemeral block as HCL", () => {
  const stack = testStack();
  new EphemeralPolyaiWebhookSecret(stack, "Opened", { encryptedSigningSecret: "x" });
  expect(() => Testing.synthHcl(stack)).toThrow(
    "stack/Opened: cdktf cannot write an ephemeral block as HCL.",
  );
});
