/** A receiver that reads its secret when it starts: restarted whenever the secret was rotated. */
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { PolyaiProvider, PolyWebhookSecret } from "terraform-provider-polyai";

class ReceiverRestart extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new PolyaiProvider(this, "polyai");
    new NullProvider(this, "null");

    const secret = new PolyWebhookSecret(this, "AlertsSecret", {
      endpointId: process.env.POLYAI_ENDPOINT_ID ?? "whe_1a2b3c",
      rotationTrigger: "2026-Q4",
    });

    new Resource(this, "RestartReceiver", {
      // The fingerprint changes exactly when the secret does, and is no secret: plans show triggers.
      triggers: { secret: secret.fingerprint },
      provisioners: [{ type: "local-exec", command: "systemctl restart alert-receiver" }],
    });
  }
}

const app = new App();
new ReceiverRestart(app, "receiver-restart");
app.synth();
