/** Endpoints and alert rules, in both CDKs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { WORDS } from "../../src/generated/api-facts.js";
import { describeForEachCdk } from "./both-cdks.js";

const URL = "https://alerts.example.com/polyai";

describeForEachCdk((synth, { cdk, lib }) => {
  const { AlertMetric, AlertOperator, AlertWindow, WebhookEventType } = lib;
  const rule = {
    metric: AlertMetric.TURN_LATENCY_P95,
    operator: AlertOperator.GREATER_THAN_OR_EQUAL,
    thresholdValue: 1500,
    window: AlertWindow.FIVE_MINUTES,
  };

  describe("PolyWebhookEndpoint", () => {
    it("becomes an endpoint, and a secret that adopts the endpoint's first one", () => {
      const { json, folder } = synth((stack) => {
        new lib.PolyWebhookEndpoint(stack, "OnCall", { url: URL, rotationTrigger: "2026-Q4" });
      });
      expect(json.resource).toEqual({
        polyai_webhook_endpoint: {
          OnCall: {
            name: "OnCall",
            url: URL,
            event_types: ["alerts.triggered", "alerts.resolved"],
          },
        },
        polyai_webhook_secret: {
          [secretName(json)]: {
            endpoint_id: "${polyai_webhook_endpoint.OnCall.id}",
            initial_secret: "${polyai_webhook_endpoint.OnCall.signing_secret}",
            rotation_trigger: "2026-Q4",
          },
        },
      });
      expect(Object.keys(json.output ?? {})).toEqual(["OnCall_signing_secret"]);
      expect(json.provider?.polyai).toEqual([{}]);
      expect(existsSync(join(folder, "terraform.d/plugins"))).toBe(true);
    });

    it("passes every property on, and takes tokens", () => {
      const { json } = synth((stack) => {
        const provider = new lib.PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
        const text = new cdk.TerraformVariable(stack, "text", { type: "string" });
        const number = new cdk.TerraformVariable(stack, "number", { type: "number" });
        new lib.PolyWebhookEndpoint(stack, "OnCall", {
          url: text.stringValue,
          name: text.stringValue,
          eventTypes: [WebhookEventType.of(text.stringValue)],
          headers: { Authorization: text.stringValue },
          timeoutMs: number.numberValue,
          enabled: false,
          rotationTriggers: { incident: text.stringValue },
          rotateAfterDays: number.numberValue,
          onDestroy: "invalidate",
          outputName: "on_call",
          provider,
        });
      });
      expect(json.resource?.polyai_webhook_endpoint?.OnCall).toEqual({
        url: "${var.text}",
        name: "${var.text}",
        event_types: ["${var.text}"],
        headers: { Authorization: "${var.text}" },
        timeout_ms: "${var.number}",
        enabled: false,
        provider: "polyai.uk",
      });
      expect(json.resource?.polyai_webhook_secret?.[secretName(json)]).toEqual({
        endpoint_id: "${polyai_webhook_endpoint.OnCall.id}",
        initial_secret: "${polyai_webhook_endpoint.OnCall.signing_secret}",
        rotation_triggers: { incident: "${var.text}" },
        rotate_after_days: "${var.number}",
        on_destroy: "invalidate",
        provider: "polyai.uk",
      });
      expect(Object.keys(json.output ?? {})).toEqual(["on_call"]);
      expect(json.provider?.polyai).toHaveLength(1);
    });

    it("rotates once instead of adopting where the secret is encrypted", () => {
      const { json } = synth((stack) => {
        new lib.PolyWebhookEndpoint(stack, "OnCall", { url: URL, encryptTo: ["age1abc"] });
      });
      expect(json.resource?.polyai_webhook_secret?.[secretName(json)]).toEqual({
        endpoint_id: "${polyai_webhook_endpoint.OnCall.id}",
        encrypt_to: ["age1abc"],
      });
      expect(Object.keys(json.output ?? {})).toEqual(["OnCall_encrypted_signing_secret"]);
    });
  });

  describe("PolyAlertRule", () => {
    it("becomes a rule and a provider configured from the environment", () => {
      const { json, folder } = synth((stack) => {
        const made = new lib.PolyAlertRule(stack, "SlowTurns", rule);
        new cdk.TerraformOutput(stack, "id", { value: made.ruleId });
        new cdk.TerraformOutput(stack, "state", { value: made.currentState });
      });
      expect(json.resource?.polyai_alert_rule?.SlowTurns).toEqual({
        name: "SlowTurns",
        metric: "turn_latency_p95",
        operator: ">=",
        threshold_value: 1500,
        window_duration: "5m",
      });
      expect(json.output?.id?.value).toBe("${polyai_alert_rule.SlowTurns.id}");
      expect(json.output?.state?.value).toBe("${polyai_alert_rule.SlowTurns.current_state}");
      expect(json.provider?.polyai).toEqual([{}]);
      expect(existsSync(join(folder, "terraform.d/plugins"))).toBe(true);
    });

    it("takes tokens and an aliased provider", () => {
      const { json } = synth((stack) => {
        const provider = new lib.PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
        const text = new cdk.TerraformVariable(stack, "text", { type: "string" });
        const number = new cdk.TerraformVariable(stack, "number", { type: "number" });
        new lib.PolyAlertRule(stack, "Rule", {
          metric: AlertMetric.of(text.stringValue),
          operator: AlertOperator.of(text.stringValue),
          window: AlertWindow.of(text.stringValue),
          thresholdValue: number.numberValue,
          name: text.stringValue,
          projectId: text.stringValue,
          enabled: false,
          provider,
        });
      });
      expect(json.resource?.polyai_alert_rule?.Rule).toEqual({
        metric: "${var.text}",
        operator: "${var.text}",
        window_duration: "${var.text}",
        threshold_value: "${var.number}",
        name: "${var.text}",
        project_id: "${var.text}",
        enabled: false,
        provider: "polyai.uk",
      });
    });
  });

  it("there is a constant for each word of the API", () => {
    const constants = (of: object) =>
      Object.values(of)
        .filter((value): value is { value: string } => value instanceof (of as () => void))
        .map(({ value }) => value);
    expect(constants(AlertMetric)).toEqual(WORDS.AlertMetric);
    expect(constants(AlertOperator)).toEqual(WORDS.AlertOperator);
    expect(constants(AlertWindow)).toEqual(WORDS.WindowDuration);
    expect(constants(WebhookEventType)).toEqual(WORDS.WebhookEventType);
    expect(WebhookEventType.all().map(({ value }) => value)).toEqual(WORDS.WebhookEventType);
  });
});

/** The secret's own name in Terraform, which holds a hash of its path. */
function secretName(json: { readonly [key: string]: object }): string {
  const secrets = (json.resource as Record<string, object>).polyai_webhook_secret;
  const [name] = Object.keys(secrets ?? {});
  expect(name).toMatch(/^OnCall_Secret_[0-9A-F]{8}$/);
  return name!;
}
