import { defineProvider, type Provider } from "../../../../src/plugin/framework/provider.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { createProviderServer } from "../../../../src/plugin/server/server.js";
import type { ProviderServer } from "../../../../src/plugin/tfplugin6/service.js";

/** A server of these parts alone. Its provider block takes no arguments. */
export const serverOf = <Client extends object>(
  parts: Partial<Omit<Provider<Client>, "schema">>,
): ProviderServer =>
  createProviderServer(
    defineProvider<Client>()({
      schema: defineSchema({ description: "Test.", attributes: {} }),
      configure: () => Promise.resolve({ client: {} as Client }),
      resources: [],
      dataSources: [],
      ephemeralResources: [],
      listResources: [],
      functions: [],
      ...parts,
    }),
  );
