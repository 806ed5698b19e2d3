import { spawn } from "node:child_process";
import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import type { ClientOptions } from "../../../src/polyai/client.js";
import { certificateFor, type Certificate } from "./certificates.js";
import {
  API_KEY,
  closeAll,
  closeLater,
  connect,
  ENDPOINT_ID,
  failureOf,
  inTurn,
  json,
  listen,
  resolveTo,
  rotated,
  serve,
  type Handler,
} from "./server.js";

afterEach(closeAll);

let certificate: Certificate;
beforeAll(() => {
  certificate = certificateFor("DNS:api.us.poly.ai", "DNS:localhost", "IP:127.0.0.1");
});

const serveTls = (handler: Handler, { key, cert } = certificate) =>
  serve(handler, https.createServer({ key, cert }), "https");

it("talks TLS to a server whose certificate it trusts, on one connection", async () => {
  const api = await serveTls(rotated("whsec_tls"));
  const { rotate } = connect(api.url, {}, { agentOptions: { ca: certificate.cert } });
  for (let i = 0; i < 3; i++) {
    expect(await rotate()).toBe("whsec_tls");
  }
  expect(api.connections()).toBe(1);
});

describe("sends nothing, and does not try again,", () => {
  it.each([
    ["where the certificate is not trusted", "self-signed", undefined],
    ["where the certificate is another host's", "altnames", "DNS:elsewhere.example"],
  ])("%s", async (_when, reason, host) => {
    const shown = host === undefined ? certificate : certificateFor(host);
    const api = await serveTls(rotated(), shown);
    const { rotate } = connect(
      api.url,
      {},
      host === undefined ? {} : { agentOptions: { ca: shown.cert } },
    );
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "tls", ambiguous: false, attempts: 1 });
    expect(error.message).toContain(reason);
    expect(api.seen).toHaveLength(0);
  });

  it("where the server speaks plain http", async () => {
    const api = await serve(rotated());
    const { rotate } = connect(api.url.replace("http:", "https:"));
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "tls", ambiguous: false, attempts: 1 });
    expect(api.seen).toHaveLength(0);
  });
});

it("does not carry the key to where a redirect points, and names that host only", async () => {
  const elsewhere = await serve(rotated());
  const location = `${elsewhere.url}/private/path?token=hunter2`;
  const api = await serve(json(307, "", { location }));
  const error = await failureOf(connect(api.url).rotate());
  expect(error).toMatchObject({ kind: "redirect", status: 307, attempts: 1, ambiguous: true });
  expect(error.message).toContain(new URL(elsewhere.url).host);
  expect(error.message).not.toMatch(/private|hunter2/);
  expect(elsewhere.seen).toHaveLength(0);
});

it("waits for a distant host that has an address it cannot reach, too", async () => {
  const { child, port } = await startSlow(certificate);
  try {
    const { rotate } = connect(
      `https://api.us.poly.ai:${port}`,
      { maxRetries: 0 },
      { agentOptions: { ca: certificate.cert, lookup: resolveTo("127.0.0.1", "2001:db8::1") } },
    );
    const call = rotate();
    setTimeout(() => child.kill("SIGCONT"), 300);
    expect(await call).toBe("whsec_slow");
  } finally {
    child.kill("SIGKILL");
  }
});

describe("through an HTTP proxy", () => {
  interface TestProxy {
    readonly url: string;
    readonly asked: { readonly authority: string; readonly headers: http.IncomingHttpHeaders }[];
    /** Every byte that the client gave to the proxy. */
    readonly bytes: () => Buffer;
  }

  /** Tunnels to `to` whatever the host asked for; `refuse` writes an answer of its own instead. */
  async function startProxy(
    to: string,
    refuse?: string,
    server: http.Server = http.createServer(),
    scheme = "http",
  ): Promise<TestProxy> {
    const asked: TestProxy["asked"] = [];
    const chunks: Buffer[] = [];
    server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
      asked.push({ authority: request.url ?? "", headers: request.headers });
      if (refuse !== undefined) {
        socket.end(refuse);
        return;
      }
      const upstream = net.connect(Number(new URL(to).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.on("data", (chunk: Buffer) => chunks.push(chunk));
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("close", () => upstream.destroy());
    });
    const { port } = await listen(server);
    return { url: `${scheme}://127.0.0.1:${port}`, asked, bytes: () => Buffer.concat(chunks) };
  }

  const REGION_URL = "https://api.us.poly.ai";
  const through = (proxy: string, options: Partial<ClientOptions> = {}, ca = certificate.cert) => {
    process.env["HTTPS_PROXY"] = proxy;
    return connect(REGION_URL, options, { agentOptions: { ca } });
  };
  afterEach(() => {
    delete process.env["HTTPS_PROXY"];
    delete process.env["NO_PROXY"];
  });

  it("tunnels, so that the proxy sees the host and neither key nor path", async () => {
    const api = await serveTls(rotated("whsec_tunnelled"));
    const proxy = await startProxy(api.url);
    const { rotate } = through(proxy.url.replace("//", "//us%40er:pa%3Ass@"));
    for (let i = 0; i < 3; i++) {
      expect(await rotate()).toBe("whsec_tunnelled");
    }
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.asked[0]).toMatchObject({
      authority: "api.us.poly.ai:443",
      headers: {
        host: "api.us.poly.ai:443",
        "proxy-authorization": `Basic ${Buffer.from("us@er:pa:ss").toString("base64")}`,
      },
    });
    expect(JSON.stringify(proxy.asked)).not.toContain(API_KEY);
    expect(proxy.bytes().includes(API_KEY)).toBe(false);
    expect(api.seen).toHaveLength(3);
    expect(api.seen[0]?.headers).toMatchObject({ "x-api-key": API_KEY, host: "api.us.poly.ai" });
    expect(api.seen[0]?.headers).not.toHaveProperty("proxy-authorization");
  });

  it("tunnels through a proxy that is itself asked over TLS", async () => {
    const api = await serveTls(rotated());
    const { key, cert } = certificate;
    const proxy = await startProxy(api.url, undefined, https.createServer({ key, cert }), "https");
    await through(proxy.url).rotate();
    expect(proxy.asked).toHaveLength(1);
  });

  it("goes past it where NO_PROXY says so", async () => {
    const api = await serveTls(rotated());
    const proxy = await startProxy(api.url);
    Object.assign(process.env, { HTTPS_PROXY: proxy.url, NO_PROXY: "poly.ai" });
    const { rotate } = connect(
      api.url.replace("127.0.0.1", "api.us.poly.ai"),
      {},
      { agentOptions: { ca: certificate.cert, lookup: resolveTo("127.0.0.1") } },
    );
    await rotate();
    expect(proxy.asked).toHaveLength(0);
    expect(api.seen).toHaveLength(1);
  });

  it.each([
    ["an https URL", () => serveTls(rotated())],
    ["a plain http URL", () => serve(rotated())],
  ])("never asks it for this machine: %s", async (_url, start) => {
    const api = await start();
    Object.assign(process.env, { HTTPS_PROXY: "http://127.0.0.1:9" });
    const { rotate } = connect(api.url, {}, { agentOptions: { ca: certificate.cert } });
    await rotate();
    expect(api.seen).toHaveLength(1);
  });

  it("goes through a SOCKS5 proxy with a user name and a password, and lets it look up the host", async () => {
    const api = await serveTls(rotated("whsec_socks"));
    const proxy = await startSocks(Number(new URL(api.url).port));
    const { rotate } = through(proxy.url.replace("//", "//us%40er:pa%3Ass@"));
    expect(await rotate()).toBe("whsec_socks");
    expect(proxy.asked).toEqual(["us@er:pa:ss", "api.us.poly.ai:443"]);
  });

  it("verifies the API's certificate all the same", async () => {
    const wrong = certificateFor("DNS:elsewhere.example");
    const api = await serveTls(rotated(), wrong);
    const proxy = await startProxy(api.url);
    const { rotate } = through(proxy.url, {}, wrong.cert);
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "tls", ambiguous: false, attempts: 1 });
    expect(api.seen).toHaveLength(0);
  });

  it.each([
    [407, 1],
    [403, 1],
    [502, 3],
    [302, 1],
  ])("takes its refusal with %i for the proxy's, not the API's", async (status, attempts) => {
    const body = '{"signing_secret":"whsec_forged"}';
    const proxy = await startProxy(
      "http://127.0.0.1:9",
      `HTTP/1.1 ${status} No\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const { rotate } = through(proxy.url.replace("//", "//user:hunter2@"));
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "proxy", ambiguous: false, attempts });
    expect(error.message).toContain(`refused to connect with status ${status}`);
    expect(error.message).toContain(new URL(proxy.url).host);
    expect(error.message).not.toContain("hunter2");
  });

  it("says so where the proxy cannot be reached or does not answer", async () => {
    const gone = await serve(rotated());
    await gone.close();
    const error = await failureOf(through(gone.url).client.webhookEndpoints.get(ENDPOINT_ID));
    expect(error).toMatchObject({ kind: "proxy", attempts: 3 });
    expect(error.message).toMatch(/cannot be reached \(ECONNREFUSED\)/);

    const { port, connections, open } = await listen(net.createServer((socket) => socket.resume()));
    const { rotate } = through(`http://127.0.0.1:${port}`, {
      requestTimeoutMs: 200,
      maxRetries: 0,
    });
    expect(await failureOf(rotate())).toMatchObject({
      kind: "timeout",
      ambiguous: false,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect({ opened: connections(), open: open() }).toEqual({ opened: 1, open: 0 });
  });

  it("knows that a tunnel cut after the request may have carried it", async () => {
    const api = await serveTls(inTurn((_response, _index, { socket }) => socket.destroy()));
    const proxy = await startProxy(api.url);
    const error = await failureOf(through(proxy.url).rotate());
    expect(error).toMatchObject({ kind: "network", ambiguous: true, attempts: 3 });
  });
});

/** A SOCKS5 proxy (RFC 1928, RFC 1929) that wants a password and connects to one port. */
async function startSocks(port: number): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    let step = 0;
    socket.on("data", (data: Buffer) => {
      if (step === 0) socket.write(Buffer.from([5, 2]));
      if (step === 1) {
        const user = data.subarray(2, 2 + data[1]!).toString();
        asked.push(`${user}:${data.subarray(3 + data[1]!).toString()}`);
        socket.write(Buffer.from([1, 0]));
      }
      if (step === 2) {
        const name = data.subarray(5, 5 + data[4]!).toString();
        asked.push(`${name}:${data.readUInt16BE(5 + data[4]!)}`);
        socket.removeAllListeners("data");
        const upstream = net.connect(port, "127.0.0.1", () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on("error", () => socket.destroy());
        socket.on("close", () => upstream.destroy());
      }
      step++;
    });
  });
  return { url: `socks5://127.0.0.1:${(await listen(server)).port}`, asked };
}

/**
 * An API that takes a second to accept a connection: its process stands still with a full queue
 * until it is woken, and then the client's system has to ask once more.
 */
async function startSlow({ key, cert }: Certificate) {
  const script = `
    const answer = (_, response) => response.end('{"signing_secret":"whsec_slow"}');
    const server = require("node:https").createServer(${JSON.stringify({ key, cert })}, answer);
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      console.log(server.address().port);
    });`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(line.toString());
  child.kill("SIGSTOP");
  for (let i = 0; i < 4; i++) {
    const waiting = net.connect(port, "127.0.0.1").on("error", () => undefined);
    closeLater({ close: () => waiting.destroy() });
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { child, port };
}
