/**
 * The secret into HashiCorp Vault, by a write-only argument: no state holds it in plain text.
 * Needs Terraform 1.11 or OpenTofu 1.11.
 */
import { KvSecretV2 } from "@cdktf/provider-vault/lib/kv-secret-v2/index.js";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider/index.js";
import { App, Fn, TerraformStack, TerraformVariable } from "cdktf";
import { PolyaiProvider, PolyWebhookSecret } from "terraform-provider-polyai";

class Vault extends TerraformStack {
  constructor(scope, id) {
    super(scope, id);
    new PolyaiProvider(this, "polyai");
    new VaultProvider(this, "vault", { address: "https://vault.example.com" });

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

    new KvSecretV2(this, "ReceiverSecret", {
      mount: "secret",
      name: "polyai/alerts",
      dataJsonWo: Fn.jsonencode({ signing_secret: opened.signingSecret }),
      // Written again exactly when the secret is another one.
      dataJsonWoVersion: secret.signingSecretVersion,
    });
  }
}

const app = new App();
new Vault(app, "vault");
app.synth();
