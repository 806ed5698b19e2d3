/**
 * The secret into AWS Secrets Manager, by a write-only argument: no state holds it in plain text.
 * Needs Terraform 1.11 or OpenTofu 1.11.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { PolyaiProvider, PolyWebhookSecret } from "terraform-provider-polyai";

class AwsSecretsManager extends TerraformStack {
  constructor(scope, id) {
    super(scope, id);
    new PolyaiProvider(this, "polyai");
    new AwsProvider(this, "aws", { region: "eu-west-1" });

    const recipient = new TerraformVariable(this, "age_recipient", { type: "string" });
    const identity = new TerraformVariable(this, "age_identity", {
      type: "string",
      sensitive: true,
    });
    // In no plan and no state (Terraform 1.10, OpenTofu 1.11); cdktf has no word for it.
    identity.addOverride("ephemeral", true);

    const secret = new PolyWebhookSecret(this, "AlertsSecret", {
      endpointId: process.env.POLYAI_ENDPOINT_ID ?? "whe_1a2b3c",
      rotationTrigger: "2026-Q4",
      encryptTo: [recipient.stringValue],
    });
    const opened = secret.reveal("Opened", { identity: identity.stringValue });

    const receiverSecret = new SecretsmanagerSecret(this, "ReceiverSecret", {
      name: "polyai/alerts/signing-secret",
    });
    new SecretsmanagerSecretVersion(this, "ReceiverSecretVersion", {
      secretId: receiverSecret.id,
      secretStringWo: opened.signingSecret,
      // Written again exactly when the secret is another one.
      secretStringWoVersion: secret.signingSecretVersion,
    });
  }
}

const app = new App();
new AwsSecretsManager(app, "aws-secrets-manager");
app.synth();
