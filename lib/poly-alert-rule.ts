import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { WORDS } from "../src/generated/api-facts.js";
import type { AlertMetric, AlertOperator, AlertWindow } from "./api-facts.js";
import { AlertRule, type AlertRuleConfig } from "./bindings/alert-rule/index.js";
import * as check from "./checks.js";
import { ensureDefaultProvider } from "./polyai-provider.js";
import type { PolySecretRotationProps } from "./secret-props.js";

/** Properties of a `PolyAlertRule`. */
export interface PolyAlertRuleProps
  extends
    Pick<AlertRuleConfig, "thresholdValue" | "projectId" | "enabled">,
    Pick<PolySecretRotationProps, "provider"> {
  readonly metric: AlertMetric;
  readonly operator: AlertOperator;
  /** The length of time over which the metric is evaluated. */
  readonly window: AlertWindow;

  /** @default - the construct's id */
  readonly name?: string;
}

/**
 * An alert rule: while its condition holds, it is in state `alert`, and PolyAI tells the account's
 * webhook endpoints when that begins and ends.
 *
 * @example
 * new PolyAlertRule(this, "SlowTurns", {
 *   metric: AlertMetric.TURN_LATENCY_P95,
 *   operator: AlertOperator.GREATER_THAN_OR_EQUAL,
 *   thresholdValue: 1500,
 *   window: AlertWindow.FIVE_MINUTES,
 * });
 */
export class PolyAlertRule extends Construct {
  /** The rule's id. */
  public readonly ruleId: string;
  /** The state at the last refresh: `ok`, `alert`, `no_data` or `unknown`. */
  public readonly currentState: string;
  /** The L1 resource, for overrides, lifecycle and whatever else. */
  public readonly resource: AlertRule;

  /**
   * @param scope the stack, or a construct inside it.
   * @param id unique among its siblings; it names the resource.
   * @throws if a literal cannot be right.
   */
  public constructor(scope: Construct, id: string, props: PolyAlertRuleProps) {
    super(scope, id);
    const given = check.properties(`PolyAlertRule ${this.node.path}`, props, RULES, REQUIRED);
    const { metric, operator, window, name = id, ...settings } = given;
    this.resource = new AlertRule(this, "Default", {
      ...settings,
      name,
      metric: check.wordOf(metric),
      operator: check.wordOf(operator),
      windowDuration: check.wordOf(window),
    });
    this.ruleId = this.resource.id;
    this.currentState = this.resource.currentState;

    if (given.provider === undefined) ensureDefaultProvider(TerraformStack.of(this));
  }
}

const REQUIRED = ["metric", "operator", "thresholdValue", "window"] as const;

const RULES: check.Rules<PolyAlertRuleProps> = {
  metric: check.constant("AlertMetric", WORDS.AlertMetric),
  operator: check.constant("AlertOperator", WORDS.AlertOperator),
  thresholdValue: check.whole("", 0),
  window: check.constant("AlertWindow", WORDS.WindowDuration),
  name: check.text("text on one line that is not empty", check.isLine),
  projectId: check.text("a project's id", (id) => check.isLine(id) && /\S/.test(id)),
  enabled: check.flag,
  provider: check.polyaiProvider,
};
