import { createProviderService } from "./plugin/tfplugin6/service.js";
import { createProviderServer } from "./plugin/server/server.js";
import { provider } from "./provider/provider.js";

/** All that answers a host's calls. In a file of its own, since main.ts loads it late. */
export const service = createProviderService(createProviderServer(provider));
