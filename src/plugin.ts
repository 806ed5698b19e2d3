import { PROVIDER_ADDRESS } from "./facts.js";
import { schema } from "./generated/encoded-schema.js";
import { serve } from "./plugin/go-plugin/serve.js";

/** The provider as a process: everything that the first call does not need is loaded later. */
void serve({
  name: "terraform-provider-polyai",
  source: PROVIDER_ADDRESS,
  schema,
  service: async () => (await import("./service.js")).service,
});
