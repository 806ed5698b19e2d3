import { Testing, TerraformStack, TerraformVariable, TerraformOutput, Aspects } from "cdktf";
import { Construct } from "constructs";
import { PolyaiProvider, PolyWebhookSecret } from "../../lib/index.js";

const ENDPOINT = "whe_1a2b3c";

type Json = Record<string, never> & { [key: string]: Json };
const synth = (build: (stack: TerraformStack) => void, validate = true): Json => {
  const stack = new TerraformStack(Testing.app(), "stack");
  build(stack);
  return JSON.parse(Testing.synth(stack, validate)) as Json;
};

describe("PolyWebhookSecret", () => {
  it("becomes a resource, a sensitive output and a provider configured from the environment", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
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

  it("renders the same configuration as HCL", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    new PolyWebhookSecret(stack, "AlertsSecret", {
      endpointId: ENDPOINT,
      rotationTrigger: "2026-Q4",
    });
    expect(Testing.synthHcl(stack, true)).toMatchInlineSnapshot(`
      "terraform {
      required_providers {
        polyai = {
      version = "0.1.0"
      source = "registry.terraform.io/polyai/polyai"
      }
      }


      }
      resource "polyai_webhook_secret" "AlertsSecret" {
      endpoint_id = "whe_1a2b3c"
      rotation_trigger = "2026-Q4"
      }

      output "AlertsSecret_signing_secret" {
      value = "\${polyai_webhook_secret.AlertsSecret.signing_secret}"
      sensitive = true
      }

      provider "polyai" {
      }"
    `);
  });

  it("imports an endpoint whose secret receivers already use", () => {
    const json = synth((stack) => {
      PolyWebhookSecret.importEndpoint(stack, "AlertsSecret", { endpointId: ENDPOINT });
    });
    expect(json["import"]).toMatchInlineSnapshot(`
      [
        {
          "id": "whe_1a2b3c",
          "to": "polyai_webhook_secret.AlertsSecret",
        },
      ]
    `);
  });
});
