import { serve } from "./plugin/protocol/serve.js";
import { createProviderServer } from "./plugin/server/server.js";
import { provider } from "./provider/provider.js";

void serve({ name: "terraform-provider-polyai", provider: createProviderServer(provider) });
