/** A process whose environment says that no certificate is to be verified. */
import * as https from "node:https";
import { IDS } from "../../src/generated/api-facts.js";
import { certificateFor } from "../unit/polyai/certificates.js";
import { startProxy, startSocks } from "../unit/polyai/proxies.js";
import { closeAll, json, serve } from "../unit/polyai/server.js";
import { startPlaced } from "./support/placed.js";

afterAll(closeAll);

const REGION_URL = "https://api.us.poly.ai";

it.each<[string, (port: string) => Promise<{ readonly url: string }> | undefined]>([
  ["to the API itself", () => undefined],
  ["through an HTTP proxy", (port) => startProxy(port)],
  [
    "through a SOCKS proxy",
    async (port) => {
      const { url } = await startSocks(port);
      return { url: url.replace("//", "//user:password@") };
    },
  ],
])(
  "NODE_TLS_REJECT_UNAUTHORIZED=0 gives no server the key, %s, and is warned of",
  async (_way, start) => {
    const api = await serve(
      json(200, {}),
      https.createServer(certificateFor("DNS:localhost")),
      "https",
    );
    const proxy = await start(new URL(api.url).port);
    const { plugin, host } = await startPlaced({
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      HTTPS_PROXY: proxy?.url,
    });
    const base_url = proxy === undefined ? api.url : REGION_URL;
    expect(await host.configure({ api_key: "canary-key", base_url, max_retries: 0 })).toMatchObject(
      [{ severity: "warning", summary: "NODE_TLS_REJECT_UNAUTHORIZED is ignored" }],
    );
    const { diagnostics } = await host.readDataSource("polyai_webhook_endpoint", {
      id: IDS.endpoint_id.example,
    });
    expect(diagnostics).toMatchObject([
      { detail: expect.stringMatching(/self.signed certificate/) },
    ]);
    // With Node's authorities, then with the system's.
    expect(api.connections()).toBeLessThanOrEqual(2);
    expect(api.seen).toEqual([]);
    await plugin.dispose();
  },
);
