import { ACCOUNT_LIMITS, WORDS } from "../generated/api-facts.js";
import { defineResource } from "../plugin/framework/resource.js";
import { bool, number, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { atLeast, atMost, integer, matches, oneLine, oneOf } from "../plugin/schema/validators.js";
import type { StateOf } from "../plugin/schema/values.js";
import type { ActiveAlert, AlertRule } from "../polyai/alert-rules.js";
import type { Word } from "../polyai/api-types.js";
import { listed, settingsIn } from "./attributes.js";
import type { Client } from "./client.js";
import { crud, kept } from "./crud.js";
import { alertRuleId } from "./ids.js";

const recomputes = ["updated_at"];

export const projectId = matches(
  /^(?!\s*$)\P{Cc}+$/u,
  "a project's id in one line, or left out: not empty",
);

const schema = defineSchema({
  description: `An alert rule: a condition on a metric. While it holds, the rule is in state \`alert\`, and PolyAI tells the account's webhook endpoints when that begins and ends. An account may have ${String(ACCOUNT_LIMITS.AlertRuleResponse)} rules.`,
  attributes: {
    id: string.computed({ description: "The rule's id, such as `ar_0Kx4mNpQ8rWvYb2dFgHjLs`." }),
    name: string.required({
      description: "Name of the rule.",
      validate: [oneLine],
      recomputes,
    }),
    project_id: string.optional({
      description: "Id of the project that is watched. Null: all of the account.",
      validate: [projectId],
      recomputes,
    }),
    metric: string.required({
      description: `What is watched: ${listed(WORDS.AlertMetric)}.`,
      validate: [oneOf(...WORDS.AlertMetric)],
      recomputes,
    }),
    operator: string.required({
      description: `How the metric is compared with the threshold: ${listed(WORDS.AlertOperator)}.`,
      validate: [oneOf(...WORDS.AlertOperator)],
      recomputes,
    }),
    threshold_value: number.required({
      description:
        "What the metric is compared with, a whole number from 0 on in the metric's own unit (milliseconds for latencies).",
      validate: [integer, atLeast(0), atMost(Number.MAX_SAFE_INTEGER)],
      recomputes,
    }),
    window_duration: string.required({
      description: `How long a time is looked at: ${listed(WORDS.WindowDuration)}.`,
      validate: [oneOf(...WORDS.WindowDuration)],
      recomputes,
    }),
    enabled: bool.defaulted({
      description: "Whether the rule is evaluated. Default `true`.",
      default: true,
      recomputes,
    }),
    current_state: string.computed({
      description:
        "`ok`, `alert`, `no_data` or `unknown`. Like the three attributes below it is what the last refresh found, and only a refresh-only plan shows its changes: for a decision, read the data source `polyai_active_alerts`.",
    }),
    since: string.computed({
      description: "When the current state began, RFC 3339. Null before the first evaluation.",
    }),
    last_evaluated_at: string.computed({
      description: "When the rule was last evaluated, RFC 3339. Null before the first evaluation.",
    }),
    current_value: number.computed({
      description: "The metric's value at the last evaluation. Null if there is no data.",
    }),
    created_at: string.computed({ description: "When the rule was created, RFC 3339." }),
    updated_at: string.computed({ description: "When it was last changed, RFC 3339." }),
  },
});

export const alertRuleAttributes = schema.attributes;
type State = StateOf<typeof alertRuleAttributes>;

const rules = crud({
  noun: "alert rule",
  isId: alertRuleId,
  settings: settingsIn(alertRuleAttributes),
  dataSource: "polyai_alert_rules",
  api: (client) => client.api.alertRules,
});

export const alertRule = defineResource<Client>()({
  typeName: "polyai_alert_rule",
  schema,
  identity: "id",

  create: ({ plan, client }) =>
    rules.create(client, settingsOf(plan), (created) => ({ ...plan, ...computedOf(created) })),

  read: ({ state, privateState, client }) =>
    rules.read(client, state, privateState, (found) => alertRuleState(found, state)),

  update({ plan, state, privateState, client }) {
    // The plan has promised the current state of before; the next refresh finds the new one.
    const { id, current_state, since, last_evaluated_at, current_value, created_at } = state;
    const promised = { id, current_state, since, last_evaluated_at, current_value, created_at };
    const settings = [settingsOf(state), settingsOf(plan)] as const;
    return rules.update(client, state, privateState, settings, (updated) => ({
      ...plan,
      ...promised,
      updated_at: updated?.updatedAt ?? state.updated_at,
    }));
  },

  delete: ({ state, privateState, client }) => rules.delete(client, state, privateState),

  importState: ({ id, client }) => rules.import(client, id, alertRuleState),
});

type Settings = Pick<
  State,
  "name" | "project_id" | "metric" | "operator" | "threshold_value" | "window_duration" | "enabled"
>;

/** The settings as the API takes them. Validation has compared the words with the API's own. */
const settingsOf = (settings: Settings) => ({
  name: settings.name,
  projectId: settings.project_id,
  metric: settings.metric as Word<"AlertMetric">,
  operator: settings.operator as Word<"AlertOperator">,
  thresholdValue: settings.threshold_value,
  windowDuration: settings.window_duration as Word<"WindowDuration">,
  enabled: settings.enabled ?? true,
});

/** @param prior absent if the rule is imported, or read by a data source */
export const alertRuleState = (rule: AlertRule, prior?: State): State => ({
  ...alertState(rule),
  ...computedOf(rule),
  name: kept(prior?.name, rule.name, (name) => name.trim()),
  enabled: rule.enabled,
});

/** The attributes that a rule and an active alert have in common. */
export const alertState = (
  alert: Omit<ActiveAlert, "alertRuleId" | "since"> & Pick<AlertRule, "since">,
) => ({
  name: alert.name,
  project_id: alert.projectId,
  metric: alert.metric,
  operator: alert.operator,
  threshold_value: alert.thresholdValue,
  window_duration: alert.windowDuration,
  since: alert.since,
  last_evaluated_at: alert.lastEvaluatedAt,
  current_value: alert.currentValue,
});

const computedOf = (rule: AlertRule) => ({
  id: rule.id,
  current_state: rule.currentState,
  since: rule.since,
  last_evaluated_at: rule.lastEvaluatedAt,
  current_value: rule.currentValue,
  created_at: rule.createdAt,
  updated_at: rule.updatedAt,
});
