import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { PolyaiProvider, PolyWebhookSecret } from "../../lib/index.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { testStack, synthesized, type Json } from "./stack-fixture.js";

const ENDPOINT = "whe_1a2b3c";

describe("PolyWebhookSecret", () => {
  it("becomes a resource, a sensitive output and a provider configured from the environment", () => {
    const stack = testStack();
    new PolyWebhookSecret(stack, "AlertsSecret", {
      endpointId: ENDPOINT,
      rotationTrigger: "2026-Q4",
      rotationTriggers: { incident: "1204" },
      rotateAfterDays: 90,
      onDestroy: "invalidate",
    });
    expect(Testing.synth(stack, true)).toMatchInlineSnapshot(`
      "{
        "output": {
          "AlertsSecret_signing_secret": {
            "sensitive": true,
            "value": "\${polyai_webhook_secret.AlertsSecret.signing_secret}"
          }
        },
        "provider": {
          "polyai": [
            {
            }
          ]
        },
        "resource": {
          "polyai_webhook_secret": {
            "AlertsSecret": {
              "endpoint_id": "whe_1a2b3c",
              "on_destroy": "invalidate",
              "rotate_after_days": 90,
              "rotation_trigger": "2026-Q4",
              "rotation_triggers": {
                "incident": "1204"
              }
            }
          }
        },
        "terraform": {
          "required_providers": {
            "polyai": {
              "source": "registry.terraform.io/polyai/polyai",
              "version": "0.1.0"
            }
          }
        }
      }"
    `);
  });

  it("gives tokens for what Terraform will know", () => {
    const { output } = synthesized((stack) => {
      const secret = new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT, outputName: "x" });
      const { signingSecret, previousSigningSecret, fingerprint, rotationCount } = secret;
      const { rotatedAt, nextRotationAt, rotationReason } = secret;
      const values = {
        signingSecret,
        previousSigningSecret,
        fingerprint,
        rotationCount,
        rotatedAt,
        nextRotationAt,
        rotationReason,
      };
      for (const [name, value] of Object.entries(values)) {
        new TerraformOutput(stack, name, { value });
      }
    });
    const attributes = Object.entries(output ?? {}).map(([name, { value }]) => [name, value]);
    const at = (name: string) => `\${polyai_webhook_secret.A.${name}}`;
    expect(Object.fromEntries(attributes)).toEqual({
      x: at("signing_secret"),
      signingSecret: at("signing_secret"),
      previousSigningSecret: at("previous_signing_secret"),
      fingerprint: at("fingerprint"),
      rotationCount: at("rotation_count"),
      rotatedAt: at("rotated_at"),
      nextRotationAt: at("next_rotation_at"),
      rotationReason: at("rotation_reason"),
    });
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

  it("has the name that outputName gives", () => {
    expect(
      outputs((stack) => {
        new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT, outputName: "alerts" });
      }),
    ).toEqual({ alerts: { sensitive: true, value: "${polyai_webhook_secret.A.signing_secret}" } });
  });

  it("is left out with exportSecret false", () => {
    expect(
      outputs((stack) => {
        new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT, exportSecret: false });
      }),
    ).toBeUndefined();
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
    const json = synthesized((stack) => {
      const provider = new PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
      new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT, provider });
    });
    expect(json["provider"]?.["polyai"]).toEqual([{ alias: "uk", region: "uk" }]);
    expect(json["resource"]?.["polyai_webhook_secret"]?.["A"]).toEqual({
      endpoint_id: ENDPOINT,
      provider: "polyai.uk",
    });
  });

  it("is added beside an aliased one that a secret does not use", () => {
    expect(
      providers((stack) => {
        new PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
        new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT });
      }),
    ).toEqual([{ alias: "uk", region: "uk" }, {}]);
  });

  it("is added once however often the stack is synthesized", () => {
    const stack = testStack();
    new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT });
    const first = Testing.synth(stack);
    expect(Testing.synth(stack)).toBe(first);
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
