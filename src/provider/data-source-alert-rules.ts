import { WORDS } from "../generated/api-facts.js";
import { defineDataSource } from "../plugin/framework/data-source.js";
import { bool, listOf, objectOf, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { oneOf } from "../plugin/schema/validators.js";
import type { ApplyingOf } from "../plugin/schema/values.js";
import type { AlertRule } from "../polyai/alert-rules.js";
import type { Word } from "../polyai/api-types.js";
import { attempt } from "./api-calls.js";
import { byId, typesOf } from "./attributes.js";
import type { Client } from "./client.js";
import { alertRuleAttributes, alertRuleState, projectId } from "./resource-alert-rule.js";

export const alertRuleFilters = {
  enabled: bool.optional({
    description: "Only rules that are (`true`) or are not (`false`) enabled.",
  }),
  metric: string.optional({
    description: "Only rules that watch this metric.",
    validate: [oneOf(...WORDS.AlertMetric)],
  }),
  project_id: string.optional({
    description: "Only rules of this project.",
    validate: [projectId],
  }),
  state: string.optional({
    description: "Only rules in this state: `ok`, `alert`, `no_data` or `unknown`.",
    validate: [oneOf(...WORDS.AlertState)],
  }),
};

/** The account's rules that pass the filters, in order of id. */
export async function findAlertRules(
  client: Client,
  { enabled, metric, project_id, state }: ApplyingOf<typeof alertRuleFilters>,
): Promise<readonly AlertRule[]> {
  const rules = await attempt(
    client.api.alertRules.list({
      ...(enabled !== null && { enabled }),
      ...(metric !== null && { metric: metric as Word<"AlertMetric"> }),
      ...(project_id !== null && { projectId: project_id }),
      ...(state !== null && { state: state as Word<"AlertState"> }),
    }),
    { action: "list the alert rules" },
  );
  return [...rules].sort(byId);
}

export const alertRulesDataSource = defineDataSource<Client>()({
  typeName: "polyai_alert_rules",
  schema: defineSchema({
    description: "The account's alert rules, with their current states.",
    attributes: {
      ...alertRuleFilters,
      rules: listOf(objectOf(typesOf(alertRuleAttributes))).computed({
        description: "The rules in order of `id`, as the data source `polyai_alert_rule` has them.",
      }),
    },
  }),

  async read({ config, client }) {
    const rules = await findAlertRules(client, config);
    return { state: { ...config, rules: rules.map((each) => alertRuleState(each)) } };
  },
});
