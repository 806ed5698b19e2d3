/** Endpoints and alert rules, in both CDKs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { WORDS } from "../../src/generated/api-facts.js";
import { describeForEachCdk } from "./both-cdks.js";

const URL = "https://alerts.example.com/polyai";
/** The endpoint's secret has a name of its own in Terraform, with a hash of its path. */
const SECRET = /^OnCall_Secret_[0-9A-F]{8}$/;

describeForEachCdk((synth, { cdk, lib }) => {
  const { AlertMetric, AlertOperator, AlertWindow, WebhookEventType } = lib;

  it("an endpoint adopts its first secret, and a rule is a resource, with a provider configured from the environment", () => {
    const { json, folder } = synth((stack) => {
      new lib.PolyWebhookEndpoint(stack, "OnCall", { url: URL, rotationTrigger: "2026-Q4" });
      const rule = new lib.PolyAlertRule(stack, "SlowTurns", {
        metric: AlertMetric.TURN_LATENCY_P95,
        operator: AlertOperator.GREATER_THAN_OR_EQUAL,
        thresholdValue: 1500,
        window: AlertWindow.FIVE_MINUTES,
      });
      new cdk.TerraformOutput(stack, "id", { value: rule.ruleId });
      new cdk.TerraformOutput(stack, "state", { value: rule.currentState });
    });
    const { polyai_webhook_secret: secrets, ...resources } = json.resource ?? {};
    expect(resources).toEqual({
      polyai_webhook_endpoint: {
        OnCall: {
          name: "OnCall",
          url: URL,
          event_types: ["alerts.triggered", "alerts.resolved"],
        },
      },
      polyai_alert_rule: {
        SlowTurns: {
          name: "SlowTurns",
          metric: "turn_latency_p95",
          operator: ">=",
          threshold_value: 1500,
          window_duration: "5m",
        },
      },
    });
    expect(Object.entries(secrets ?? {})).toEqual([
      [
        expect.stringMatching(SECRET),
        {
          endpoint_id: "${polyai_webhook_endpoint.OnCall.id}",
          initial_secret: "${polyai_webhook_endpoint.OnCall.signing_secret}",
          rotation_trigger: "2026-Q4",
        },
      ],
    ]);
    expect(json.output).toEqual({
      OnCall_signing_secret: expect.anything(),
      id: { value: "${polyai_alert_rule.SlowTurns.id}" },
      state: { value: "${polyai_alert_rule.SlowTurns.current_state}" },
    });
    expect(json.provider?.polyai).toEqual([{}]);
    expect(existsSync(join(folder, "terraform.d/plugins"))).toBe(true);
  });

  it("pass every property on, and take tokens and an aliased provider", () => {
    const { json } = synth((stack) => {
      const provider = new lib.PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
      const text = new cdk.TerraformVariable(stack, "text", { type: "string" }).stringValue;
      const number = new cdk.TerraformVariable(stack, "number", { type: "number" }).numberValue;
      new lib.PolyWebhookEndpoint(stack, "OnCall", {
        url: text,
        name: text,
        eventTypes: [WebhookEventType.of(text)],
        headers: { Authorization: text },
        timeoutMs: number,
        enabled: false,
        rotationTriggers: { incident: text },
        rotateAfterDays: number,
        onDestroy: "invalidate",
        outputName: "on_call",
        provider,
      });
      new lib.PolyAlertRule(stack, "Rule", {
        metric: AlertMetric.of(text),
        operator: AlertOperator.of(text),
        window: AlertWindow.of(text),
        thresholdValue: number,
        name: text,
        projectId: text,
        enabled: false,
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
    expect(Object.values(json.resource?.polyai_webhook_secret ?? {})).toEqual([
      {
        endpoint_id: "${polyai_webhook_endpoint.OnCall.id}",
        initial_secret: "${polyai_webhook_endpoint.OnCall.signing_secret}",
        rotation_triggers: { incident: "${var.text}" },
        rotate_after_days: "${var.number}",
        on_destroy: "invalidate",
        provider: "polyai.uk",
      },
    ]);
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
    expect(Object.keys(json.output ?? {})).toEqual(["on_call"]);
    expect(json.provider?.polyai).toHaveLength(1);
  });

  it("an endpoint's secret rotates once, and is not adopted, if it is encrypted", () => {
    const { json } = synth((stack) => {
      new lib.PolyWebhookEndpoint(stack, "OnCall", { url: URL, encryptTo: ["age1abc"] });
    });
    expect(Object.values(json.resource?.polyai_webhook_secret ?? {})).toEqual([
      { endpoint_id: "${polyai_webhook_endpoint.OnCall.id}", encrypt_to: ["age1abc"] },
    ]);
    expect(Object.keys(json.output ?? {})).toEqual(["OnCall_encrypted_signing_secret"]);
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
