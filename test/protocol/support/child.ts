import { appendFileSync, existsSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createProviderService } from "../../../src/plugin/tfplugin6/service.js";
import { serve } from "../../../src/plugin/go-plugin/serve.js";
import { echoProvider } from "./echo-provider.js";

const journal = process.env["TEST_JOURNAL"] ?? "/dev/null";
const release = `${journal}.release`;

/** Waits for the file that lets one held call go on, and takes it away. */
async function released(): Promise<void> {
  while (!existsSync(release)) await sleep(5);
  rmSync(release);
}

void serve({
  name: "terraform-provider-test",
  source: "example.com/test/test",
  network: process.env["TEST_NETWORK"] as "tcp" | undefined,
  service: async () =>
    createProviderService(echoProvider((word) => appendFileSync(journal, `${word}\n`), released)),
});
