import { defineDataSource } from "../plugin/framework/data-source.js";
import { bool, mapOf, number, setOf, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { attempt } from "./api-calls.js";
import type { Client } from "./client.js";
import { webhookEndpointId } from "./ids.js";
import { webhookEndpointState } from "./resource-webhook-endpoint.js";

export const webhookEndpointDataSource = defineDataSource<Client>()({
  typeName: "polyai_webhook_endpoint",
  schema: defineSchema({
    description:
      "A webhook endpoint that is there already. Its signing secret is not in it: PolyAI shows a secret only when it is made.",
    attributes: {
      id: string.required({
        description: "The endpoint's id, such as `whe_9ZtRcXw3nByK5pVqMaEfJs`.",
        validate: [webhookEndpointId],
      }),
      name: string.computed({ description: "Name of the endpoint." }),
      url: string.computed({ description: "Where deliveries go." }),
      event_types: setOf(string).computed({
        description: "Which events are delivered: `alerts.triggered`, `alerts.resolved`.",
      }),
      headers: mapOf(string).computed({
        description:
          "HTTP headers that PolyAI sends with each delivery; null where there are none.",
        sensitive: true,
      }),
      timeout_ms: number.computed({
        description: "How long the receiver may take to answer a delivery, in milliseconds.",
      }),
      enabled: bool.computed({ description: "Whether events are delivered." }),
      created_at: string.computed({ description: "When the endpoint was created, RFC 3339." }),
      updated_at: string.computed({ description: "When it was last changed, RFC 3339." }),
    },
  }),

  async read({ config: { id }, client }) {
    const endpoint = await attempt(client.api.webhookEndpoints.get(id), {
      action: `read webhook endpoint ${id}`,
      at: "id",
    });
    const { signing_secret: _, ...state } = webhookEndpointState(endpoint);
    return { state: { ...state, id } };
  },
});
