/** Rotates for more than one reason: each new quarter, each new incident, and at an age of 100 days. */
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { PolyWebhookSecret } from "terraform-provider-polyai";

/** Such as 2026-Q4: the first deploy of each quarter sees another text. */
const quarterOf = (date: Date): string =>
  `${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`;

class RotationReasons extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new PolyWebhookSecret(this, "AlertsSecret", {
      endpointId: process.env.POLYAI_ENDPOINT_ID ?? "whe_1a2b3c",
      rotationTriggers: {
        quarter: quarterOf(new Date()),
        // Raised by hand, or by a pipeline, when the secret may have leaked.
        incident: process.env.INCIDENT ?? "none",
      },
      // In case nobody deploys a changed program: any plan that is made then rotates.
      rotateAfterDays: 100,
    });
  }
}

const app = new App();
new RotationReasons(app, "rotation-reasons");
app.synth();
