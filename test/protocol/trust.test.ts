/** A process whose environment says that no certificate is to be verified. */
import { IDS } from "../../src/generated/api-facts.js";
import { certificateFor } from "../unit/polyai/certificates.js";
import { portOf, startProxy, startSocks } from "../unit/polyai/proxies.js";
import { closeAll, json, serveTls } from "../unit/polyai/server.js";
import { startPlaced } from "./support/placed.js";

afterAll(closeAll);

const REGION_URL = "https://api.us.poly.ai";

it.each<[string, (port: string) => Promise<string | undefined>]>([
  ["to the API itself", async () => undefined],
  ["through an HTTP proxy", async (port) => (await startProxy(port)).url],
  [
    "through a SOCKS proxy",
    async (port) => (await startSocks(port)).url.replace("//", "//user:password@"),
  ],
])(
  "NODE_TLS_REJECT_UNAUTHORIZED=0 gives no server the key, %s, and is warned of",
  async (_way, start) => {
    const api = await serveTls(json(200, {}), certificateFor("DNS:localhost"));
    const HTTPS_PROXY = await start(portOf(api));
    const { plugin, host } = await startPlaced({ NODE_TLS_REJECT_UNAUTHORIZED: "0", HTTPS_PROXY });
    const base_url = HTTPS_PROXY === undefined ? api.url : REGION_URL;
    const config = { api_key: "canary-key", base_url, max_retries: 0 };
    const summary = "NODE_TLS_REJECT_UNAUTHORIZED is ignored";
    expect(await host.configure(config)).toMatchObject([{ severity: "warning", summary }]);
    const { example: id } = IDS.endpoint_id;
    const { diagnostics } = await host.readDataSource("polyai_webhook_endpoint", { id });
    const detail: unknown = expect.stringMatching(/self.signed certificate/);
    expect(diagnostics).toMatchObject([{ detail }]);
    // With Node's authorities, then with the system's.
    expect(api.connections()).toBeLessThanOrEqual(2);
    expect(api.seen).toEqual([]);
    await plugin.dispose();
  },
);
