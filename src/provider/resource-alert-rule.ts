import { defineResource } from "../plugin/framework/resource.js";
import { bool, number, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { atLeast, atMost, integer, matches, oneOf } from "../plugin/schema/validators.js";
import type { StateOf } from "../plugin/schema/values.js";
import {
  ALERT_METRICS,
  ALERT_OPERATORS,
  WINDOW_DURATIONS,
  type AlertMetric,
  type AlertOperator,
  type AlertRule,
  type WindowDuration,
} from "../polyai/alert-rules.js";
import {
  assertSameOrigin,
  attempt,
  attemptCreation,
  attemptDeletion,
  attemptRead,
  gone,
  madeAt,
  untilReadable,
} from "./api-calls.js";
import type { Client } from "./client.js";
import { alertRuleId, assertImportId } from "./ids.js";
import { changesBetween, kept } from "./settings.js";

const recomputes = ["updated_at"];

const schema = defineSchema({
  description:
    "An alert rule: a condition on a metric. While it holds, the rule is in state `alert`, and PolyAI tells the account's webhook endpoints when that begins and ends. An account may have 10 rules.",
  attributes: {
    id: string.computed({ description: "The rule's id, such as `ar_0Kx4mNpQ8rWvYb2dFgHjLs`." }),
    name: string.required({ description: "Name of the rule.", recomputes }),
    project_id: string.optional({
      description: "Id of the project that is watched. All of the account where it is left out.",
      validate: [matches(/\S/, "a project's id, or left out: it is empty")],
      recomputes,
    }),
    metric: string.required({
      description: `What is watched: ${listed(ALERT_METRICS)}.`,
      validate: [oneOf(...ALERT_METRICS)],
      recomputes,
    }),
    operator: string.required({
      description: `How the metric is compared with the threshold: ${listed(ALERT_OPERATORS)}.`,
      validate: [oneOf(...ALERT_OPERATORS)],
      recomputes,
    }),
    threshold_value: number.required({
      description:
        "What the metric is compared with, a whole number from 0 on in the metric's own unit (milliseconds for latencies).",
      validate: [integer, atLeast(0), atMost(Number.MAX_SAFE_INTEGER)],
      recomputes,
    }),
    window_duration: string.required({
      description: `How long a time is looked at: ${listed(WINDOW_DURATIONS)}.`,
      validate: [oneOf(...WINDOW_DURATIONS)],
      recomputes,
    }),
    enabled: bool.defaulted({
      description: "Whether the rule is evaluated. `true` where it is left out.",
      default: true,
      recomputes,
    }),
    current_state: string.computed({
      description:
        "`ok`, `alert`, `no_data` or `unknown`. Like the three attributes below it is what the last refresh found, and no plan waits for it: for a decision, read the data source `polyai_active_alerts`.",
    }),
    since: string.computed({
      description: "When the current state began, RFC 3339. Null before the first evaluation.",
    }),
    last_evaluated_at: string.computed({
      description: "When the rule was last evaluated, RFC 3339. Null before the first evaluation.",
    }),
    current_value: number.computed({
      description: "The metric's value then. Null where there is no data.",
    }),
    created_at: string.computed({ description: "When the rule was created, RFC 3339." }),
    updated_at: string.computed({ description: "When it was last changed, RFC 3339." }),
  },
});

type State = StateOf<(typeof schema)["attributes"]>;

const SETTINGS = [
  "name",
  "project_id",
  "metric",
  "operator",
  "threshold_value",
  "window_duration",
  "enabled",
] as const;

export const alertRule = defineResource<Client>()({
  typeName: "polyai_alert_rule",
  schema,
  identity: "id",

  async create({ plan, client }) {
    const created = await attemptCreation(
      client.api.alertRules.create(settingsOf(plan)),
      { action: `create alert rule ${JSON.stringify(plan.name)}`, attributes: SETTINGS },
      "polyai_alert_rules",
    );
    return {
      state: { ...plan, ...computedOf(created) },
      privateState: madeAt(client),
      diagnostics: await untilReadable(`Alert rule ${created.id}`, () =>
        client.api.alertRules.get(created.id),
      ),
    };
  },

  async read({ state, privateState, client }) {
    const { id, action } = named("read", state);
    const rule = await attemptRead(client.api.alertRules.get(id), { action });
    if (rule !== undefined)
      return { state: alertRuleState(rule, state), privateState: madeAt(client) };
    assertSameOrigin(client, privateState, { action });
    return { state: null, diagnostics: [gone(`Alert rule ${id}`, client)] };
  },

  async update({ plan, state, client }) {
    const { id, action } = named("update", state);
    const changes = changesBetween(settingsOf(state), settingsOf(plan));
    const { updatedAt } = await attempt(client.api.alertRules.update(id, changes), {
      action,
      attributes: SETTINGS,
    });
    // The plan has promised the current state of before; the next refresh finds the new one.
    const { current_state, since, last_evaluated_at, current_value, created_at } = state;
    const promised = { id, current_state, since, last_evaluated_at, current_value, created_at };
    return { state: { ...plan, ...promised, updated_at: updatedAt } };
  },

  delete({ state, privateState, client }) {
    const { id, action } = named("delete", state);
    return attemptDeletion(client.api.alertRules.delete(id), { action }, () => {
      assertSameOrigin(client, privateState, { action });
    });
  },

  async importState({ id, client }) {
    assertImportId(alertRuleId, id);
    const { action } = named("import", { id });
    const rule = await attempt(client.api.alertRules.get(id), { action });
    return { state: alertRuleState(rule), privateState: madeAt(client) };
  },
});

function named(verb: string, { id }: { readonly id: string | null }) {
  const known = id ?? "";
  return { id: known, action: `${verb} alert rule ${known}` };
}

/** The settings as the API takes them. Validation has held the words against the API's own. */
const settingsOf = (settings: Pick<State, (typeof SETTINGS)[number]>) => ({
  name: settings.name,
  projectId: settings.project_id,
  metric: settings.metric as AlertMetric,
  operator: settings.operator as AlertOperator,
  thresholdValue: settings.threshold_value,
  windowDuration: settings.window_duration as WindowDuration,
  enabled: settings.enabled ?? true,
});

/** @param prior absent for a rule that is imported, or read by a data source */
export const alertRuleState = (rule: AlertRule, prior?: State): State => ({
  name: kept(prior?.name, rule.name, (name) => name.trim()),
  project_id: rule.projectId,
  metric: rule.metric,
  operator: rule.operator,
  threshold_value: rule.thresholdValue,
  window_duration: rule.windowDuration,
  enabled: rule.enabled,
  ...computedOf(rule),
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

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}
