import { defineDataSource } from "../plugin/framework/data-source.js";
import { listOf, number, objectOf, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { oneOf } from "../plugin/schema/validators.js";
import { ALERT_METRICS, type AlertMetric } from "../polyai/alert-rules.js";
import { attempt } from "./api-calls.js";
import type { Client } from "./client.js";

const alert = objectOf({
  alert_rule_id: string,
  name: string,
  project_id: string,
  metric: string,
  operator: string,
  threshold_value: number,
  window_duration: string,
  since: string,
  last_evaluated_at: string,
  current_value: number,
});

export const activeAlertsDataSource = defineDataSource<Client>()({
  typeName: "polyai_active_alerts",
  schema: defineSchema({
    description:
      "The alerts that are active now: the rules in state `alert`. In a `check` block it warns of them at each plan and apply.",
    attributes: {
      metric: string.optional({
        description: "Only alerts of this metric.",
        validate: [oneOf(...ALERT_METRICS)],
      }),
      project_id: string.optional({ description: "Only alerts of this project." }),
      alerts: listOf(alert).computed({
        description:
          "The alerts, the longest active first, each with `alert_rule_id`, `name`, `project_id`, `metric`, `operator`, `threshold_value`, `window_duration`, `since`, `last_evaluated_at` and `current_value`.",
      }),
    },
  }),

  async read({ config, client }) {
    const { metric, project_id } = config;
    const alerts = await attempt(
      client.api.alerts.list({
        ...(metric !== null && { metric: metric as AlertMetric }),
        ...(project_id !== null && { projectId: project_id }),
      }),
      { action: "list the active alerts" },
    );
    return {
      state: {
        ...config,
        alerts: alerts
          .map((each) => ({
            alert_rule_id: each.alertRuleId,
            name: each.name,
            project_id: each.projectId,
            metric: each.metric,
            operator: each.operator,
            threshold_value: each.thresholdValue,
            window_duration: each.windowDuration,
            since: each.since,
            last_evaluated_at: each.lastEvaluatedAt,
            current_value: each.currentValue,
          }))
          .sort((a, b) => compare(a.since, b.since) || compare(a.alert_rule_id, b.alert_rule_id)),
      },
    };
  },
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
