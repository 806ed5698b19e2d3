/**
 * A provider for tests. Its sink is a place outside of Terraform that secrets are handed to, by a
 * write-only argument and its version, as AWS Secrets Manager and the like have them; it keeps each
 * in a file. Its null_resource is that of hashicorp/null, which no registry is asked for.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineProvider } from "../../src/plugin/framework/provider.js";
import { defineResource } from "../../src/plugin/framework/resource.js";
import { createProviderService } from "../../src/plugin/tfplugin6/service.js";
import { serve } from "../../src/plugin/go-plugin/serve.js";
import { mapOf, number, string } from "../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../src/plugin/schema/define.js";
import { createProviderServer } from "../../src/plugin/server/server.js";

interface Client {
  readonly folder: string;
}

const put = ({ folder }: Client, name: string, secret: unknown): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), secret as string, { mode: 0o600 });
};

const secret = defineResource<Client>()({
  typeName: "sink_secret",
  schema: defineSchema({
    description: "A secret in the sink.",
    attributes: {
      name: string.required({ description: "Its name.", requiresReplace: true }),
      secret_wo: string.required({ description: "It.", sensitive: true, writeOnly: true }),
      secret_wo_version: number.required({ description: "A change puts secret_wo." }),
    },
  }),
  async create({ config, plan, client }) {
    put(client, plan.name, config.secret_wo);
    return { state: plan };
  },
  read: async ({ state }) => ({ state }),
  async update({ config, plan, client }) {
    put(client, plan.name, config.secret_wo);
    return { state: plan };
  },
  async delete({ state, client }) {
    rmSync(join(client.folder, state.name), { force: true });
    return {};
  },
});

const nothing = defineResource<Client>()({
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

const provider = defineProvider<Client>()({
  schema: defineSchema({
    description: "A sink for secrets, and nothing.",
    attributes: { folder: string.optional({ description: "Where the sink is." }) },
  }),
  configure: async ({ config }) => ({ client: config as Client }),
  resources: [secret, nothing],
  dataSources: [],
  ephemeralResources: [],
  listResources: [],
  functions: [],
});

void serve({
  name: "terraform-provider-test",
  service: async () => createProviderService(createProviderServer(provider)),
});
