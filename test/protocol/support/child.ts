import { appendFileSync } from "node:fs";
import { createProviderService } from "../../../src/plugin/tfplugin6/service.js";
import { serve } from "../../../src/plugin/go-plugin/serve.js";
import { echoProvider } from "./echo-provider.js";

const journal = process.env["TEST_JOURNAL"];
void serve({
  name: "terraform-provider-test",
  source: "example.com/test/test",
  network: process.env["TEST_NETWORK"] as "tcp" | undefined,
  service: async () =>
    createProviderService(
      echoProvider((word) => {
        if (journal !== undefined) appendFileSync(journal, `${word}\n`);
      }),
    ),
});
