import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { PolyaiProvider, PolyWebhookSecret } from "../../lib/index.js";
import { PROVIDER_VERSION } from "../support/workspace.js";
import { synthesized, testStack, type Json } from "./stack-fixture.js";

const ENDPOINT = "whe_1a2b3c";

describe("PolyWebhookSecret", () => {
  it("comes with a sensitive output and a provider configured from the environment", () => {
    const json = synthesized((stack) => {
      new PolyWebhookSecret(stack, "AlertsSecret", { endpointId: ENDPOINT });
    });
    const value = "${polyai_webhook_secret.AlertsSecret.signing_secret}";
    expect(json["output"]).toEqual({ AlertsSecret_signing_secret: { sensitive: true, value } });
    expect(json["provider"]).toEqual({ polyai: [{}] });
    const source = "registry.terraform.io/polyai/polyai";
    expect(json["terraform"]).toEqual({
      required_providers: { polyai: { source, version: PROVIDER_VERSION } },
    });
  });

  it("gives tokens for what Terraform will know", () => {
    const names = {
      signingSecret: "signing_secret",
      previousSigningSecret: "previous_signing_secret",
      fingerprint: "fingerprint",
      signingSecretVersion: "signing_secret_version",
      rotationCount: "rotation_count",
      rotatedAt: "rotated_at",
      nextRotationAt: "next_rotation_at",
      rotationReason: "rotation_reason",
    } as const;
    const { output } = synthesized((stack) => {
      const secret = new PolyWebhookSecret(stack, "A", { endpointId: ENDPOINT });
      for (const property of Object.keys(names) as (keyof typeof names)[]) {
        new TerraformOutput(stack, property, { value: secret[property] });
      }
    });
    for (const [property, name] of Object.entries(names)) {
      expect(output?.[property]?.["value"]).toBe(`\${polyai_webhook_secret.A.${name}}`);
    }
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
  const secret = (scope: Construct, props: object = {}, id = "A") =>
    new PolyWebhookSecret(scope, id, { endpointId: ENDPOINT, ...props });
  const ours = (stack: TerraformStack) => new PolyaiProvider(stack, "polyai", { region: "uk" });
  const UK = { alias: "uk", region: "uk" };
  const uk = (stack: TerraformStack) => new PolyaiProvider(stack, "uk", UK);

  it.each<[string, (stack: TerraformStack) => unknown, readonly object[]]>([
    [
      "added once for several secrets",
      (stack) => [secret(stack), secret(stack, { endpointId: "whe_b" }, "B")],
      [{}],
    ],
    [
      "not added if the program makes one before the secret",
      (stack) => [ours(stack), secret(new Construct(stack, "Nested"))],
      [{ region: "uk" }],
    ],
    [
      "not added if the program makes one after the secret",
      (stack) => [secret(new Construct(stack, "Nested")), ours(stack)],
      [{ region: "uk" }],
    ],
    [
      "not added if every secret uses an aliased provider",
      (stack) => secret(stack, { provider: uk(stack) }),
      [UK],
    ],
    [
      "added beside an aliased one that a secret does not use",
      (stack) => [uk(stack), secret(stack)],
      [UK, {}],
    ],
  ])("is %s", (_, make, expected) => {
    const { provider } = synthesized((stack) => void make(stack));
    expect(provider?.["polyai"]).toEqual(expected);
  });

  it("is each stack's own, in nested stacks, too", () => {
    const outer = testStack("outer");
    const inner = new TerraformStack(outer, "inner");
    secret(inner);
    expect(JSON.parse(Testing.synth(outer))).not.toHaveProperty("provider");
    expect((JSON.parse(Testing.synth(inner)) as Json)["provider"]?.["polyai"]).toEqual([{}]);
  });
});
