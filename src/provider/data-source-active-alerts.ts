import { WORDS } from "../generated/api-facts.js";
import { defineDataSource } from "../plugin/framework/data-source.js";
import { listOf, objectOf, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { oneOf } from "../plugin/schema/validators.js";
import type { Word } from "../polyai/api-types.js";
import { attempt } from "./api-calls.js";
import { typesOf } from "./attributes.js";
import type { Client } from "./client.js";
import { alertRuleAttributes, alertState, projectId } from "./resource-alert-rule.js";

const {
  id,
  enabled: _enabled,
  current_state: _state,
  created_at: _created,
  updated_at: _updated,
  ...shared
} = alertRuleAttributes;
const attributes = { alert_rule_id: id, ...shared };

export const activeAlertsDataSource = defineDataSource<Client>()({
  typeName: "polyai_active_alerts",
  schema: defineSchema({
    description:
      "The alerts that are active now: the rules in state `alert`. In a `check` block it warns of them at each plan and apply.",
    attributes: {
      metric: string.optional({
        description: "Only alerts of this metric.",
        validate: [oneOf(...WORDS.AlertMetric)],
      }),
      project_id: string.optional({
        description: "Only alerts of this project.",
        validate: [projectId],
      }),
      alerts: listOf(objectOf(typesOf(attributes))).computed({
        description: "The alerts, the longest active first.",
      }),
    },
  }),

  async read({ config, client }) {
    const { metric, project_id } = config;
    const alerts = await attempt(
      client.api.alerts.list({
        ...(metric !== null && { metric: metric as Word<"AlertMetric"> }),
        ...(project_id !== null && { projectId: project_id }),
      }),
      { action: "list the active alerts" },
    );
    return {
      state: {
        ...config,
        alerts: [...alerts]
          .sort(
            (a, b) =>
              Date.parse(a.since) - Date.parse(b.since) || compare(a.alertRuleId, b.alertRuleId),
          )
          .map((alert) => ({ alert_rule_id: alert.alertRuleId, ...alertState(alert) })),
      },
    };
  },
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
