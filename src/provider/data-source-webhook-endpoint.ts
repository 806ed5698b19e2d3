import { defineDataSource } from "../plugin/framework/data-source.js";
import { string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { attempt } from "./api-calls.js";
import { computedFrom } from "./attributes.js";
import type { Client } from "./client.js";
import { webhookEndpointId } from "./ids.js";
import { webhookEndpointAttributes, webhookEndpointState } from "./resource-webhook-endpoint.js";

const { signing_secret: _, ...attributes } = webhookEndpointAttributes;

export const webhookEndpointDataSource = defineDataSource<Client>()({
  typeName: "polyai_webhook_endpoint",
  schema: defineSchema({
    description:
      "A webhook endpoint that is there already. Its signing secret is not in it: PolyAI shows a secret only when it is made.",
    attributes: {
      ...computedFrom(attributes),
      id: string.required({
        description: attributes.id.options.description,
        validate: [webhookEndpointId],
      }),
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
