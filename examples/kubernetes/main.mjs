/** The secret into Kubernetes, with the one before, and a receiver that rolls over to it. */
import { Annotations } from "@cdktf/provider-kubernetes/lib/annotations/index.js";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider/index.js";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1/index.js";
import { App, TerraformStack } from "cdktf";
import { PolyaiProvider, PolyWebhookSecret } from "terraform-provider-polyai";

class Kubernetes extends TerraformStack {
  constructor(scope, id) {
    super(scope, id);
    new PolyaiProvider(this, "polyai");
    new KubernetesProvider(this, "kubernetes", { configPath: "~/.kube/config" });

    const secret = new PolyWebhookSecret(this, "AlertsSecret", {
      endpointId: process.env.POLYAI_ENDPOINT_ID ?? "whe_1a2b3c",
      rotationTrigger: "2026-Q4",
      exportSecret: false,
    });
    const receiverSecret = new SecretV1(this, "ReceiverSecret", {
      metadata: { name: "polyai-alerts" },
      data: {
        POLYAI_SECRET: secret.signingSecret,
        POLYAI_PREVIOUS_SECRET: secret.previousSigningSecret,
      },
    });
    // A changed annotation of the pods' template rolls the receiver over.
    new Annotations(this, "Receiver", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "alert-receiver" },
      templateAnnotations: { "polyai/secret-fingerprint": secret.fingerprint },
      dependsOn: [receiverSecret],
    });
  }
}

const app = new App();
new Kubernetes(app, "kubernetes");
app.synth();
