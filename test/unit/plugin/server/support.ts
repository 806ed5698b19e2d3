import { defineProvider, type Provider } from "../../../../src/plugin/framework/provider.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { createProviderServer, type ProviderServer } from "../../../../src/plugin/server/server.js";

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
      functions: [],
      ...parts,
    }),
  );
