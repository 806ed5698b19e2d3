import { setFlagsFromString } from "node:v8";
import { serve } from "./plugin/protocol/serve.js";
import { createProviderServer } from "./plugin/server/server.js";
import { provider } from "./provider/provider.js";

const serving = serve({
  name: "terraform-provider-polyai",
  provider: createProviderServer(provider),
});

// Messages are many and short-lived. Left alone, V8 makes ever more room before it looks for what
// may go: with a thousand resources 135 MB instead of 86. Neither is a limit that could be run
// into. Set once the host is greeted, so that the start takes no longer.
void serving.then(() => {
  setFlagsFromString("--semi-space-growth-factor=1 --heap-growing-percent=20");
});
