import { writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import type { Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, words, type RunResult } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { CANARY_KEY, startCanarySimulator } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import type { Environment } from "../support/workspace.js";
import { certificateFor, type Certificate } from "../unit/polyai/certificates.js";

const HOST = "api.us.poly.ai";
/** A name that nobody has (RFC 2606), so that no request leaves this machine. */
const NOBODY = "api.invalid";

describeForEachCli((cli) => {
  let simulator: Simulator;
  let workspace: SecretWorkspace;
  let front: Listening;
  let proxy: Listening & Proxy;
  beforeAll(async () => {
    simulator = await startCanarySimulator();
    const certificate = certificateFor(`DNS:${HOST}`, `DNS:${NOBODY}`);
    front = await startFront(certificate, simulator);
    proxy = await startProxy(front.port);
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
    expect(proxy.heard().includes(CANARY_KEY)).toBe(false);
    expect(workspace.leaks()).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all([proxy.close(), front.close()]);
    await simulator.close();
  });

  const apply = (env: Environment = {}): Promise<RunResult> => workspace.apply({ env });

  it("reaches PolyAI through the proxy of HTTPS_PROXY, which hears nothing of what is said", async () => {
    const { code, stderr } = await apply();
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    expect(new Set(proxy.asked)).toEqual(new Set([`${HOST}:443`]));
    expect(proxy.heard().includes(workspace.endpoint)).toBe(false);
  });

  it("passes the proxy by where NO_PROXY says so", async () => {
    const base = { POLYAI_BASE_URL: `https://${NOBODY}` };
    expect((await apply(base)).code).toBe(0);
    expect(new Set(proxy.asked)).toEqual(new Set([`${NOBODY}:443`]));

    proxy.asked.length = 0;
    await workspace.takeNewEndpoint();
    workspace.configure("", `provider "polyai" {\n  max_retries = 0\n}`);
    const passedBy = await apply({ ...base, NO_PROXY: "example.com,.invalid" });
    expect(passedBy.code).toBe(1);
    expect(words(passedBy)).toMatch(/host name (is not known|could not be looked up)/);
    expect(proxy.asked).toEqual([]);
    expect(simulator.rotations(workspace.endpoint)).toBe(0);
  });

  it("sends nothing where the certificate does not verify, and says why", async () => {
    const applied = await apply({ NODE_EXTRA_CA_CERTS: undefined });
    expect(applied.code).toBe(1);
    // BoringSSL writes it without the hyphen.
    expect(words(applied)).toMatch(/self[- ]signed certificate/);
    expect(words(applied)).not.toContain("may have changed");
    expect(simulator.requests).toEqual([]);
  });

  it("sends nothing where the certificate is another host's, and says why", async () => {
    const applied = await apply({ POLYAI_REGION: "eu" });
    expect(applied.code).toBe(1);
    expect(words(applied)).toMatch(/does not match certificate's altnames/);
    expect(proxy.asked).toEqual(["api.eu.poly.ai:443"]);
    expect(simulator.requests).toEqual([]);
  });

  it("says that it is the proxy that refuses, without its password", async () => {
    const refusing = await startProxy(undefined);
    try {
      const applied = await apply({ HTTPS_PROXY: refusing.url.replace("//", "//me:hunter2@") });
      expect(applied.code).toBe(1);
      expect(words(applied)).toMatch(/the proxy \S+ \(from HTTPS_PROXY\) refused .* status 407/);
      expect(applied.stdout + applied.stderr).not.toContain("hunter2");
      expect(simulator.requests).toEqual([]);
    } finally {
      await refusing.close();
    }
  });
});

interface Listening {
  readonly port: number;
  readonly url: string;
  close(): Promise<unknown>;
}

/** The simulator, behind TLS. */
function startFront({ key, cert }: Certificate, simulator: Simulator): Promise<Listening> {
  const { port } = new URL(simulator.url);
  const server = createTlsServer({ key, cert }, (socket) => tie(socket, connect(Number(port))));
  return listening(server);
}

interface Proxy {
  /** The targets that it was asked to connect to. */
  readonly asked: string[];
  /** Every byte that it was given. */
  heard(): Buffer;
}

/** An HTTP proxy that tunnels, whatever it is asked for, to one port; or, without one, refuses. */
async function startProxy(port: number | undefined): Promise<Listening & Proxy> {
  const asked: string[] = [];
  const heard: Buffer[] = [];
  const server = createHttpServer();
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? "");
    heard.push(Buffer.from(JSON.stringify(request.rawHeaders)));
    if (port === undefined) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    socket.on("data", (chunk: Buffer) => heard.push(chunk));
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    tie(socket, connect(port));
  });
  return { ...(await listening(server)), asked, heard: () => Buffer.concat(heard) };
}

/** Makes one connection of two. */
function tie(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on("error", () => undefined).on("close", () => peer.destroy());
  }
}

async function listening(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  };
}
