/**
 * This provider with a leak in it, so that the search for leaks is seen to find one. LEAK says
 * where a secret goes that creation has made: into the state, private state, the log or a file.
 */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Provider } from "../../../src/plugin/framework/provider.js";
import { createProviderService } from "../../../src/plugin/tfplugin6/service.js";
import { serve } from "../../../src/plugin/go-plugin/serve.js";
import { createProviderServer } from "../../../src/plugin/server/server.js";
import type { Client } from "../../../src/provider/client.js";
import { provider } from "../../../src/provider/provider.js";
import { webhookSecret } from "../../../src/provider/webhook-secret.js";

const resource: typeof webhookSecret = {
  ...webhookSecret,
  async create({ client, ...request }) {
    let secret = "";
    const { api } = client;
    const webhookEndpoints = Object.create(api.webhookEndpoints, {
      rotateSecret: {
        value: async (id: string) => {
          const rotated = await api.webhookEndpoints.rotateSecret(id);
          secret = rotated.signingSecret;
          return rotated;
        },
      },
    }) as typeof api.webhookEndpoints;
    const spied: Client = {
      ...client,
      api: Object.create(api, { webhookEndpoints: { value: webhookEndpoints } }) as typeof api,
    };
    const outcome = await webhookSecret.create({ ...request, client: spied });
    const { state } = outcome;
    switch (process.env["LEAK"]) {
      case "state":
        return { ...outcome, state: state && { ...state, rotated_at: secret } };
      case "private state":
        return { ...outcome, privateState: { ...outcome.privateState, note: secret } };
      case "log":
        process.stderr.write(`note: ${secret}\n`);
        return outcome;
      case "file":
        writeFileSync(join(tmpdir(), "note"), Buffer.from(secret).toString("base64"));
        return outcome;
      default:
        return outcome;
    }
  },
};

const leaky: Provider<Client> = {
  ...provider,
  resources: provider.resources.map((each) =>
    each.typeName === resource.typeName ? resource : each,
  ),
};

void serve({
  name: "terraform-provider-polyai",
  service: async () => createProviderService(createProviderServer(leaky)),
});
