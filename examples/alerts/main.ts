/** An endpoint with its signing secret, and the rules whose alerts go there. */
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  AlertMetric,
  AlertOperator,
  AlertWindow,
  PolyAlertRule,
  PolyaiProvider,
  PolyWebhookEndpoint,
} from "terraform-provider-polyai";

class Alerts extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new PolyaiProvider(this, "polyai");

    // The secret that PolyAI makes with the endpoint is adopted: nothing rotates until the trigger
    // changes. endpoint.secret.signingSecret is for the receiver.
    new PolyWebhookEndpoint(this, "OnCall", {
      url: process.env.RECEIVER_URL ?? "https://alerts.example.com/polyai",
      name: "On-call alerts",
      rotationTrigger: process.env.ROTATION_TRIGGER ?? "1",
    });

    new PolyAlertRule(this, "SlowTurns", {
      name: "Slow turns (p95)",
      metric: AlertMetric.TURN_LATENCY_P95,
      operator: AlertOperator.GREATER_THAN_OR_EQUAL,
      thresholdValue: 1500, // milliseconds
      window: AlertWindow.FIVE_MINUTES,
    });
    new PolyAlertRule(this, "Crashes", {
      name: "Calls crash",
      metric: AlertMetric.CALL_CRASHES,
      operator: AlertOperator.GREATER_THAN,
      thresholdValue: 0,
      window: AlertWindow.TEN_MINUTES,
    });
  }
}

const app = new App();
new Alerts(app, "alerts");
app.synth();
