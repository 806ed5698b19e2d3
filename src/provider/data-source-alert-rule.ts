import { defineDataSource } from "../plugin/framework/data-source.js";
import { string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { attempt } from "./api-calls.js";
import { computedFrom } from "./attributes.js";
import type { Client } from "./client.js";
import { alertRuleId } from "./ids.js";
import { alertRuleAttributes, alertRuleState } from "./resource-alert-rule.js";

export const alertRuleDataSource = defineDataSource<Client>()({
  typeName: "polyai_alert_rule",
  schema: defineSchema({
    description: "An alert rule that is there already, with its current state.",
    attributes: {
      ...computedFrom(alertRuleAttributes),
      id: string.required({
        description: alertRuleAttributes.id.options.description,
        validate: [alertRuleId],
      }),
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
