import { setFlagsFromString } from "node:v8";
import { createProviderService } from "./plugin/protocol/provider-service.js";
import { createProviderServer } from "./plugin/server/server.js";
import { provider } from "./provider/provider.js";

/** All that answers a host's calls. In a file of its own, since main.ts loads it late. */
export const service = createProviderService(createProviderServer(provider));

// Messages are many and short-lived. Left alone, V8 makes ever more room before it looks for what
// may go: with a thousand resources 135 MB instead of 86. Neither is a limit that could be run
// into.
setFlagsFromString("--semi-space-growth-factor=1 --heap-growing-percent=20");
