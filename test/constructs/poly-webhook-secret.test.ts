import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { PolyaiProvider, PolyWebhookSecret } from "../../lib/index.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { PROVIDER_VERSION } from "../support/workspace.js";
import { synthesized, type Json } from "./stack-fixture.js";

const ENDPOINT = "whe_1a2b3c";

describe("PolyWebhookSecret", () => {
  it("becomes a resource, a sensitive output and a provider configured from the environment", () => {
    const json = synthesized((stack) => {
      new PolyWebhookSecret(stack, "AlertsSecret", {
        endpointId: ENDPOINT,
        rotationTrigger: "2026-Q4",
        rotationTriggers: { incident: "1204" },
        rotateAfterDays: 90,
        onDestroy: "invalidate",
      });
    });
    expect(json).toEqual({
      output: {
        AlertsSecret_signing_secret: {
          sensitive: true,
          value: "${polyai_webhook_secret.AlertsSecret.signing_secret}",
        },
      },
      provider: { polyai: [{}] },
      resource: {
        polyai_webhook_secret: {
          AlertsSecret: {
            endpoint_id: ENDPOINT,
            rotation_trigger: "2026-Q4",
            rotation_triggers: { incident: "1204" },
            rotate_after_days: 90,
            on_destroy: "invalidate",
          },
        },
      },
      terraform: {
        required_providers: {
          polyai: { source: "registry.terraform.io/polyai/polyai", version: PROVIDER_VERSION },
        },
      },
    });
  });

  it("gives tokens for what Terraform will know", () => {
    const { output } = synthesized((stack) => {
      const secret = new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT, outputName: "x" });
      const { signingSecret, previousSigningSecret, fingerprint, rotationCount } = secret;
      const { rotatedAt, nextRotationAt, rotationReason } = secret;
      [
        signingSecret,
        previousSigningSecret,
        fingerprint,
        rotationCount,
        rotatedAt,
        nextRotationAt,
        rotationReason,
      ].forEach((value, index) => new TerraformOutput(stack, `o${index}`, { value }));
    });
    const { x: _, ...others } = output ?? {};
    expect(Object.values(others).map(({ value }) => value)).toEqual(
      [
        "signing_secret",
        "previous_signing_secret",
        "fingerprint",
        "rotation_count",
        "rotated_at",
        "next_rotation_at",
        "rotation_reason",
      ].map((name) => `\${polyai_webhook_secret.A.${name}}`),
    );
  });
});

describe("the secret's output", () => {
  const outputs = (build: (stack: TerraformStack) => void) => synthesized(build)["output"];

  it("has a name of its own for each secret, also in nested constructs", () => {
    const names = Object.keys(
      outputs((stack) => {
        new PolyWebhookSecret(stack, "A", { endpointId: "whe_a" });
        for (const team of ["One", "Two"]) {
          new PolyWebhookSecret(new Construct(stack, team), "A", { endpointId: `whe_${team}` });
        }
      }) ?? {},
    );
    expect(names).toEqual([
      "A_signing_secret",
      expect.stringMatching(/^One_A_[0-9A-F]{8}_signing_secret$/),
      expect.stringMatching(/^Two_A_[0-9A-F]{8}_signing_secret$/),
    ]);
  });

  it.each([
    [{ outputName: "alerts" }, ["alerts"]],
    [{ exportSecret: false }, []],
  ])("with %j is %j", (props, names) => {
    const made = outputs((stack) => {
      new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT, ...props });
    });
    expect(Object.keys(made ?? {})).toEqual(names);
  });

  it("refuses a name that another output of the stack has", () => {
    expect(() =>
      synthesized((stack) => {
        new TerraformOutput(stack, "alerts", { value: "x" });
        new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT, outputName: "alerts" });
      }),
    ).toThrow('stack/alerts is an output named "alerts", too: set outputName');
  });
});

describe("the default provider", () => {
  const providers = (build: (stack: TerraformStack) => void) =>
    synthesized(build)["provider"]?.["polyai"];

  it("is added once for several secrets", () => {
    expect(
      providers((stack) => {
        new PolyWebhookSecret(stack, "A", { endpointId: "whe_a" });
        new PolyWebhookSecret(stack, "B", { endpointId: "whe_b" });
      }),
    ).toEqual([{}]);
  });

  it.each(["before", "after"])(
    "is not added where the program makes one %s the secret",
    (order) => {
      const made = providers((stack) => {
        if (order === "before") new PolyaiProvider(stack, "polyai", { region: "uk" });
        new PolyWebhookSecret(new Construct(stack, "Nested"), "A", { endpointId: ENDPOINT });
        if (order === "after") new PolyaiProvider(stack, "polyai", { region: "uk" });
      });
      expect(made).toEqual([{ region: "uk" }]);
    },
  );

  it("is not added where every secret uses an aliased provider", () => {
    const { provider, resource } = synthesized((stack) => {
      const uk = new PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
      new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT, provider: uk });
    });
    expect(provider?.["polyai"]).toEqual([{ alias: "uk", region: "uk" }]);
    expect(resource?.["polyai_webhook_secret"]?.["A"]?.["provider"]).toBe("polyai.uk");
  });

  it("is added beside an aliased one that a secret does not use", () => {
    expect(
      providers((stack) => {
        new PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
        new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT });
      }),
    ).toEqual([{ alias: "uk", region: "uk" }, {}]);
  });

  it("is each stack's own, in nested stacks, too", () => {
    const app = Testing.app({ outdir: temporaryFolder() });
    const outer = new TerraformStack(app, "outer");
    const inner = new TerraformStack(outer, "inner");
    new PolyWebhookSecret(inner, "A", { endpointId: ENDPOINT });
    expect(JSON.parse(Testing.synth(outer))).not.toHaveProperty("provider");
    expect((JSON.parse(Testing.synth(inner)) as Json)["provider"]?.["polyai"]).toEqual([{}]);
  });
});
