import { schema } from "./generated/encoded-schema.js";
import { serve } from "./plugin/go-plugin/serve.js";

void serve({
  name: "terraform-provider-polyai",
  schema,
  service: async () => {
    limitHeap();
    return (await import("./service.js")).service;
  },
});

/**
 * Messages are many and short-lived. Left alone, V8 makes ever more room before it looks for what
 * may go: with a thousand resources 135 MB instead of 86. Neither is a limit that could be run
 * into. Before any code comes from the cache, since V8 takes none that other flags compiled.
 */
function limitHeap(): void {
  // Loaded late; import() would start node's other loader for it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { setFlagsFromString } = require("node:v8") as typeof import("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1 --heap-growing-percent=20");
}
