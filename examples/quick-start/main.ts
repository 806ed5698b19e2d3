/** The least that rotates a secret: a stack, the provider, the secret. */
import { App, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { PolyaiProvider, PolyWebhookSecret } from "terraform-provider-polyai";

class QuickStart extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // With no settings, the provider reads POLYAI_API_KEY and POLYAI_REGION where Terraform runs.
    new PolyaiProvider(this, "polyai");

    const secret = new PolyWebhookSecret(this, "AlertsSecret", {
      endpointId: process.env.POLYAI_ENDPOINT_ID ?? "whe_1a2b3c",
      // Whenever this text changes, the next deploy rotates the secret.
      rotationTrigger: process.env.ROTATION_TRIGGER ?? "1",
    });

    // The secret itself is the sensitive output AlertsSecret_signing_secret. Its fingerprint is safe
    // to show.
    new TerraformOutput(this, "fingerprint", { value: secret.fingerprint, staticId: true });
  }
}

const app = new App();
new QuickStart(app, "quick-start");
app.synth();
