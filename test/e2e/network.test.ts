import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:tls";
import type { Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, words } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { CANARY_KEY, startCanarySimulator } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { certificateFor } from "../unit/polyai/certificates.js";
import { startProxy, tie, type TestProxy } from "../unit/polyai/proxies.js";
import { closeAll, listen } from "../unit/polyai/server.js";

const HOST = "api.us.poly.ai";

describeForEachCli((cli) => {
  let simulator: Simulator;
  let workspace: SecretWorkspace;
  let proxy: TestProxy;
  beforeAll(async () => {
    simulator = await startCanarySimulator();
    const certificate = certificateFor(`DNS:${HOST}`);
    const { port } = new URL(simulator.url);
    const front = createServer({ ...certificate }, (socket) => tie(socket, port));
    proxy = await startProxy((await listen(front)).port);
    const trusted = join(temporaryFolder(), "ca.pem");
    writeFileSync(trusted, certificate.cert);
    // No base URL: the region's own is asked.
    const env = {
      POLYAI_BASE_URL: undefined,
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: trusted,
    };
    workspace = await SecretWorkspace.begin(cli, simulator, "", { env });
  });
  beforeEach(async () => {
    proxy.asked.length = 0;
    simulator.clearRequests();
    await workspace.takeNewEndpoint();
    workspace.configure("", `provider "polyai" {\n  max_retries = 0\n}`);
  });
  afterEach(() => {
    expect(proxy.bytes().includes(CANARY_KEY)).toBe(false);
    expect(workspace.leaks()).toEqual([]);
  });
  afterAll(async () => {
    await closeAll();
    await simulator.close();
  });

  it("reaches PolyAI through the proxy of HTTPS_PROXY, which hears nothing of what is said", async () => {
    const { code, stderr } = await workspace.apply();
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    expect(new Set(proxy.asked.map(({ authority }) => authority))).toEqual(
      new Set([`${HOST}:443`]),
    );
    expect(proxy.bytes().includes(workspace.endpoint)).toBe(false);
  });

  it("sends nothing where the certificate does not verify, and says why", async () => {
    const applied = await workspace.apply({ env: { NODE_EXTRA_CA_CERTS: undefined } });
    expect(applied.code).toBe(1);
    // BoringSSL writes it without the hyphen.
    expect(words(applied)).toMatch(/self[- ]signed certificate/);
    expect(words(applied)).not.toContain("may have changed");
    expect(simulator.requests).toEqual([]);
  });
});
