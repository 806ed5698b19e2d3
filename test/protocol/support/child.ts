import { appendFileSync } from "node:fs";
import { serve } from "../../../src/plugin/protocol/serve.js";
import { echoProvider } from "./echo-provider.js";

const journal = process.env["TEST_JOURNAL"];
void serve({
  name: "terraform-provider-test",
  network: process.env["TEST_NETWORK"] as "tcp" | undefined,
  provider: echoProvider((word) => {
    if (journal !== undefined) appendFileSync(journal, `${word}\n`);
  }),
});
