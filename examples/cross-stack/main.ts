/**
 * One stack rotates, another uses the secret. The CDK hands it over as a sensitive output in the
 * first stack's state, so whoever applies the second must be able to read that state. In the second
 * it is sensitive again, which Terraform alone would forget.
 */
import { App, TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { PolyWebhookSecret } from "terraform-provider-polyai";

class Secrets extends TerraformStack {
  readonly alerts: PolyWebhookSecret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.alerts = new PolyWebhookSecret(this, "AlertsSecret", {
      endpointId: process.env.POLYAI_ENDPOINT_ID ?? "whe_1a2b3c",
      rotationTrigger: process.env.ROTATION_TRIGGER ?? "1",
      exportSecret: false,
    });
  }
}

class Receiver extends TerraformStack {
  constructor(scope: Construct, id: string, signingSecret: string) {
    super(scope, id);
    // In earnest: a secret manager's resource. terraform_data needs no further provider.
    const holder = new TerraformResource(this, "Holder", {
      terraformResourceType: "terraform_data",
    });
    holder.addOverride("input", signingSecret);
  }
}

const app = new App();
const secrets = new Secrets(app, "secrets");
new Receiver(app, "receiver", secrets.alerts.signingSecret);
app.synth();
