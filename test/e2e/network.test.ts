import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:tls";
import { describeForEachCli } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { CANARY_KEY, simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { certificateFor } from "../unit/polyai/certificates.js";
import { portOf, startProxy, startSocks, tie, type TestProxy } from "../unit/polyai/proxies.js";
import { closeAll, listen } from "../unit/polyai/server.js";

const HOST = "api.us.poly.ai";
const folder = temporaryFolder();
const file = join(folder, "authorities/company.pem");

afterAll(closeAll);

describeForEachCli((cli) => {
  const simulator = simulatorForAll({ apiKey: CANARY_KEY });
  let workspace: SecretWorkspace;
  let proxy: TestProxy;
  let socks: Awaited<ReturnType<typeof startSocks>>;
  beforeAll(async () => {
    const { key, cert } = certificateFor(`DNS:${HOST}`);
    const front = createServer({ key, cert }, (socket) => tie(socket, portOf(simulator())));
    const { port } = await listen(front);
    [proxy, socks] = [await startProxy(port), await startSocks(port)];
    mkdirSync(join(folder, "authorities"), { recursive: true });
    writeFileSync(file, cert);
    // No base URL: the region's own is asked.
    const env = { POLYAI_BASE_URL: undefined };
    workspace = await SecretWorkspace.begin(cli, simulator(), "", { env });
  });
  beforeEach(async () => {
    proxy.asked.length = 0;
    simulator().clearRequests();
    await workspace.takeNewEndpoint();
    workspace.configure("", `provider "polyai" {\n  max_retries = 0\n}`);
  });
  afterAll(async () => {
    await simulator().close();
    expect(proxy.bytes().includes(CANARY_KEY)).toBe(false);
    expect(workspace.leaks()).toEqual([]);
  });

  it.each([
    ["SSL_CERT_FILE", file],
    ["SSL_CERT_DIR", `/nowhere:${join(folder, "authorities")}`],
    ["NODE_EXTRA_CA_CERTS", file],
  ])(
    "reaches PolyAI through the proxy of HTTPS_PROXY, with an authority of %s",
    async (variable, value) => {
      const HTTPS_PROXY = proxy.url.replace("//", "//user:pass@");
      const { code, stderr } = await workspace.apply({ env: { HTTPS_PROXY, [variable]: value } });
      expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
      expect(workspace.storedSecret()).toBe(workspace.currentSecret());
      for (const { authority, headers } of proxy.asked) {
        expect(authority).toBe(`${HOST}:443`);
        expect(headers["proxy-authorization"]).toBe("Basic dXNlcjpwYXNz");
      }
      expect(proxy.asked.length).toBeGreaterThan(0);
      // It hears nothing of what is said.
      expect(proxy.bytes().includes(workspace.endpoint)).toBe(false);
    },
  );

  it("reaches PolyAI through a SOCKS5 proxy", async () => {
    const HTTPS_PROXY = socks.url.replace("//", "//user:pass@");
    const { code, stderr } = await workspace.apply({ env: { HTTPS_PROXY, SSL_CERT_FILE: file } });
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    expect(new Set(socks.asked)).toEqual(new Set(["user:pass", `${HOST}:443`]));
  });
});
