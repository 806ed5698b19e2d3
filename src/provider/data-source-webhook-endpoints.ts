import { WORDS } from "../generated/api-facts.js";
import { defineDataSource } from "../plugin/framework/data-source.js";
import { bool, listOf, objectOf, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { oneOf } from "../plugin/schema/validators.js";
import type { ApplyingOf } from "../plugin/schema/values.js";
import type { Word } from "../polyai/api-types.js";
import type { WebhookEndpoint } from "../polyai/webhook-endpoints.js";
import { attempt } from "./api-calls.js";
import { byId, listed, typesOf } from "./attributes.js";
import type { Client } from "./client.js";
import { webhookEndpointAttributes, webhookEndpointState } from "./resource-webhook-endpoint.js";

// Headers may hold credentials.
const { signing_secret: _s, headers: _h, ...attributes } = webhookEndpointAttributes;

export const webhookEndpointFilters = {
  enabled: bool.optional({
    description: "Only endpoints that are (`true`) or are not (`false`) enabled.",
  }),
  event_type: string.optional({
    description: `Only endpoints that get this event: ${listed(WORDS.WebhookEventType, " or ")}.`,
    validate: [oneOf(...WORDS.WebhookEventType)],
  }),
};

/** The account's endpoints that pass the filters, in order of id. */
export async function findWebhookEndpoints(
  client: Client,
  { enabled, event_type }: ApplyingOf<typeof webhookEndpointFilters>,
): Promise<readonly WebhookEndpoint[]> {
  const endpoints = await attempt(
    client.api.webhookEndpoints.list({
      ...(enabled !== null && { enabled }),
      ...(event_type !== null && { eventType: event_type as Word<"WebhookEventType"> }),
    }),
    { action: "list the webhook endpoints" },
  );
  return [...endpoints].sort(byId);
}

export const webhookEndpointsDataSource = defineDataSource<Client>()({
  typeName: "polyai_webhook_endpoints",
  schema: defineSchema({
    description: "The account's webhook endpoints.",
    attributes: {
      ...webhookEndpointFilters,
      endpoints: listOf(objectOf(typesOf(attributes))).computed({
        description:
          "The endpoints in order of `id`, as the data source `polyai_webhook_endpoint` has them. The headers, which may hold credentials, are in that one only.",
      }),
    },
  }),

  async read({ config, client }) {
    const endpoints = await findWebhookEndpoints(client, config);
    return {
      state: {
        ...config,
        endpoints: endpoints.map((each) => {
          const { signing_secret: _s, headers: _h, ...shown } = webhookEndpointState(each);
          return shown;
        }),
      },
    };
  },
});
