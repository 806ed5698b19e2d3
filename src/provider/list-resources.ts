/**
 * The `list` blocks of `terraform query` (Terraform 1.14). They filter as the data sources do.
 * Terraform prints a display name as it is, so it must not hold what a terminal acts on.
 */
import { defineListResource } from "../plugin/framework/list-resource.js";
import { defineSchema } from "../plugin/schema/define.js";
import { quote } from "../polyai/quote.js";
import type { Client } from "./client.js";
import { alertRuleFilters, findAlertRules } from "./data-source-alert-rules.js";
import { findWebhookEndpoints, webhookEndpointFilters } from "./data-source-webhook-endpoints.js";
import { alertRuleState } from "./resource-alert-rule.js";
import { webhookEndpointState } from "./resource-webhook-endpoint.js";
import { stateWithoutSecret } from "./webhook-secret/schema.js";

export const alertRuleList = defineListResource<Client>()({
  typeName: "polyai_alert_rule",
  schema: defineSchema({
    description: "Finds the account's alert rules, to import them.",
    attributes: alertRuleFilters,
  }),
  async *list({ config, client }) {
    for (const rule of await findAlertRules(client, config)) {
      yield { displayName: quote(rule.name), state: alertRuleState(rule) };
    }
  },
});

export const webhookEndpointList = defineListResource<Client>()({
  typeName: "polyai_webhook_endpoint",
  schema: defineSchema({
    description:
      "Finds the account's webhook endpoints, to import them. A generated configuration has no `headers`, since they are sensitive: add them before you apply.",
    attributes: webhookEndpointFilters,
  }),
  async *list({ config, client }) {
    for (const endpoint of await findWebhookEndpoints(client, config)) {
      yield { displayName: quote(endpoint.name), state: webhookEndpointState(endpoint) };
    }
  },
});

export const webhookSecretList = defineListResource<Client>()({
  typeName: "polyai_webhook_secret",
  schema: defineSchema({
    description:
      "Finds the account's webhook endpoints, to import their signing secrets. PolyAI shows no secret again: if `POLYAI_SIGNING_SECRET` does not give it to the import, the first apply rotates it.",
    attributes: webhookEndpointFilters,
  }),
  async *list({ config, client }) {
    for (const { id, name } of await findWebhookEndpoints(client, config)) {
      yield { displayName: quote(name), state: stateWithoutSecret(id) };
    }
  },
});
