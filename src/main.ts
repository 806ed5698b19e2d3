import { schema } from "./generated/encoded-schema.js";
import { serve } from "./plugin/protocol/serve.js";

void serve({
  name: "terraform-provider-polyai",
  schema,
  service: async () => (await import("./service.js")).service,
});
