import { writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import type { Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, words } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { CANARY_KEY, startCanarySimulator } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { certificateFor, type Certificate } from "../unit/polyai/certificates.js";

const HOST = "api.us.poly.ai";

describeForEachCli((cli) => {
  let simulator: Simulator;
  let workspace: SecretWorkspace;
  let front: Listening;
  let proxy: Listening & Proxy;
  beforeAll(async () => {
    simulator = await startCanarySimulator();
    const certificate = certificateFor(`DNS:${HOST}`);
    front = await startFront(certificate, simulator);
    proxy = await startProxy(front.port);
    const trusted = join(temporaryFolder(), "ca.pem");
    writeFileSync(trusted, certificate.cert);
    // No base URL: the region's own is asked.
    const env = {
      POLYAI_BASE_URL: undefined,
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
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

  it("reaches PolyAI through the proxy of HTTPS_PROXY, which hears nothing of what is said", async () => {
    const { code, stderr } = await workspace.apply();
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(workspace.storedSecret()).toBe(workspace.currentSecret());
    expect(new Set(proxy.asked)).toEqual(new Set([`${HOST}:443`]));
    expect(proxy.heard().includes(workspace.endpoint)).toBe(false);
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

interface Listening {
  readonly port: number;
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

/** An HTTP proxy that tunnels, whatever it is asked for, to one port. */
async function startProxy(port: number): Promise<Listening & Proxy> {
  const asked: string[] = [];
  const heard: Buffer[] = [];
  const server = createHttpServer();
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? "");
    heard.push(Buffer.from(JSON.stringify(request.rawHeaders)));
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
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  };
}
