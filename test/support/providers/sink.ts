/**
 * A provider for tests: a place outside of Terraform that secrets are handed to, by a write-only
 * argument and its version, as AWS Secrets Manager and the like have them. It keeps each in a file.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineProvider } from "../../../src/plugin/framework/provider.js";
import { defineResource } from "../../../src/plugin/framework/resource.js";
import { createProviderService } from "../../../src/plugin/tfplugin6/service.js";
import { serve } from "../../../src/plugin/go-plugin/serve.js";
import { number, string } from "../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../src/plugin/schema/define.js";
import { createProviderServer } from "../../../src/plugin/server/server.js";

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

const provider = defineProvider<Client>()({
  schema: defineSchema({
    description: "A sink for secrets.",
    attributes: { folder: string.required({ description: "Where it is." }) },
  }),
  configure: async ({ config }) => ({ client: config as Client }),
  resources: [secret],
  dataSources: [],
  ephemeralResources: [],
  listResources: [],
  functions: [],
});

void serve({
  name: "terraform-provider-sink",
  service: async () => createProviderService(createProviderServer(provider)),
});
