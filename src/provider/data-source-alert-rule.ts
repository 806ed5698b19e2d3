import { defineDataSource } from "../plugin/framework/data-source.js";
import { bool, number, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { alertRuleState } from "./resource-alert-rule.js";
import { attempt } from "./api-calls.js";
import type { Client } from "./client.js";
import { alertRuleId } from "./ids.js";

export const alertRuleDataSource = defineDataSource<Client>()({
  typeName: "polyai_alert_rule",
  schema: defineSchema({
    description: "An alert rule that is there already, with its current state.",
    attributes: {
      id: string.required({
        description: "The rule's id, such as `ar_0Kx4mNpQ8rWvYb2dFgHjLs`.",
        validate: [alertRuleId],
      }),
      name: string.computed({ description: "Name of the rule." }),
      project_id: string.computed({
        description: "Id of the project that is watched; null where all of the account is.",
      }),
      metric: string.computed({ description: "What is watched." }),
      operator: string.computed({
        description: "How the metric is compared with the threshold: `>`, `<`, `>=`, `<=`.",
      }),
      threshold_value: number.computed({ description: "What the metric is compared with." }),
      window_duration: string.computed({ description: "How long a time is looked at." }),
      enabled: bool.computed({ description: "Whether the rule is evaluated." }),
      current_state: string.computed({ description: "`ok`, `alert`, `no_data` or `unknown`." }),
      since: string.computed({
        description: "When the current state began, RFC 3339. Null before the first evaluation.",
      }),
      last_evaluated_at: string.computed({
        description: "When the rule was last evaluated, RFC 3339. Null before that.",
      }),
      current_value: number.computed({
        description: "The metric's value then. Null where there is no data.",
      }),
      created_at: string.computed({ description: "When the rule was created, RFC 3339." }),
      updated_at: string.computed({ description: "When it was last changed, RFC 3339." }),
    },
  }),

  async read({ config: { id }, client }) {
    const rule = await attempt(client.api.alertRules.get(id), {
      action: `read alert rule ${id}`,
      at: "id",
    });
    return { state: { ...alertRuleState(rule), id } };
  },
});
