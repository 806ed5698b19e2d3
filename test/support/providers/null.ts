/** A provider for tests, in place of hashicorp/null: a resource that is replaced with its triggers. */
import { randomUUID } from "node:crypto";
import { defineProvider } from "../../../src/plugin/framework/provider.js";
import { defineResource } from "../../../src/plugin/framework/resource.js";
import { mapOf, string } from "../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../src/plugin/schema/define.js";
import { serve } from "../../../src/plugin/go-plugin/serve.js";
import { createProviderServer } from "../../../src/plugin/server/server.js";
import { createProviderService } from "../../../src/plugin/tfplugin6/service.js";

const resource = defineResource<object>()({
  typeName: "null_resource",
  schema: defineSchema({
    description: "Nothing.",
    attributes: {
      id: string.computed({ description: "Its id." }),
      triggers: mapOf(string).optional({
        description: "A change replaces it.",
        requiresReplace: true,
      }),
    },
  }),
  create: async ({ plan }) => ({ state: { ...plan, id: randomUUID() } }),
  read: async ({ state }) => ({ state }),
  update: async ({ state }) => ({ state }),
  delete: async () => ({}),
});

const provider = defineProvider<object>()({
  schema: defineSchema({ description: "Nothing.", attributes: {} }),
  configure: async () => ({ client: {} }),
  resources: [resource],
  dataSources: [],
  ephemeralResources: [],
  listResources: [],
  functions: [],
});

void serve({
  name: "terraform-provider-null",
  service: async () => createProviderService(createProviderServer(provider)),
});
