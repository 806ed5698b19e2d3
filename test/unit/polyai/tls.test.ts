import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
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
  const { client } = connect(api.url, {}, { ca: certificate.cert });
  for (let i = 0; i < 3; i++) {
    await expect(client.webhookEndpoints.rotateSecret(ENDPOINT_ID)).resolves.toEqual({
      signingSecret: "whsec_tls",
    });
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
    const { client } = connect(api.url, {}, host === undefined ? {} : { ca: shown.cert });
    const error = await failureOf(client.webhookEndpoints.rotateSecret(ENDPOINT_ID));
    expect(error).toMatchObject({ kind: "tls", ambiguous: false, attempts: 1 });
    expect(error.message).toContain(reason);
    expect(api.seen).toHaveLength(0);
  });

  it("where the server speaks plain http", async () => {
    const api = await serve(rotated());
    const { client } = connect(api.url.replace("http:", "https:"));
    const error = await failureOf(client.webhookEndpoints.rotateSecret(ENDPOINT_ID));
    expect(error).toMatchObject({ kind: "tls", ambiguous: false, attempts: 1 });
    expect(api.seen).toHaveLength(0);
  });
});

it("does not carry the key to where a redirect points, and names that host only", async () => {
  const elsewhere = await serve(rotated());
  const location = `${elsewhere.url}/private/path?token=hunter2`;
  const api = await serve(json(307, "", { location }));
  const error = await failureOf(connect(api.url).client.webhookEndpoints.rotateSecret(ENDPOINT_ID));
  expect(error).toMatchObject({ kind: "redirect", status: 307, attempts: 1, ambiguous: false });
  expect(error.message).toContain(new URL(elsewhere.url).host);
  expect(error.message).not.toMatch(/private|hunter2/);
  expect(elsewhere.seen).toHaveLength(0);
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
    const sockets = new Set<net.Socket>();
    server.on("connection", (socket: net.Socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
    });
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
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closeLater({
      close: () => {
        server.close();
        for (const socket of sockets) socket.destroy();
      },
    });
    const { port } = server.address() as net.AddressInfo;
    return { url: `${scheme}://127.0.0.1:${port}`, asked, bytes: () => Buffer.concat(chunks) };
  }

  const REGION_URL = "https://api.us.poly.ai";
  const through = (proxy: string, environment: Record<string, string> = {}) =>
    connect(
      REGION_URL,
      {},
      { ca: certificate.cert, environment: { HTTPS_PROXY: proxy, ...environment } },
    );

  it("tunnels, so that the proxy sees the host and neither key nor path", async () => {
    const api = await serveTls(rotated("whsec_tunnelled"));
    const proxy = await startProxy(api.url);
    const { client } = through(proxy.url.replace("//", "//us%40er:pa%3Ass@"));
    for (let i = 0; i < 3; i++) {
      await expect(client.webhookEndpoints.rotateSecret(ENDPOINT_ID)).resolves.toEqual({
        signingSecret: "whsec_tunnelled",
      });
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
    await through(proxy.url).client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
    expect(proxy.asked).toHaveLength(1);
  });

  it("goes past it where NO_PROXY says so", async () => {
    const api = await serveTls(rotated());
    const proxy = await startProxy(api.url);
    const { client } = connect(
      api.url.replace("127.0.0.1", "api.us.poly.ai"),
      {},
      {
        ca: certificate.cert,
        environment: { HTTPS_PROXY: proxy.url, NO_PROXY: "poly.ai" },
        lookup: (_host, _options, callback) =>
          (callback as unknown as (error: null, all: readonly object[]) => void)(null, [
            { address: "127.0.0.1", family: 4 },
          ]),
      },
    );
    await client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
    expect(proxy.asked).toHaveLength(0);
    expect(api.seen).toHaveLength(1);
  });

  it("verifies the API's certificate all the same", async () => {
    const wrong = certificateFor("DNS:elsewhere.example");
    const api = await serveTls(rotated(), wrong);
    const proxy = await startProxy(api.url);
    const { client } = connect(
      REGION_URL,
      {},
      { ca: wrong.cert, environment: { HTTPS_PROXY: proxy.url } },
    );
    const error = await failureOf(client.webhookEndpoints.rotateSecret(ENDPOINT_ID));
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
    const { client } = through(proxy.url.replace("//", "//user:hunter2@"));
    const error = await failureOf(client.webhookEndpoints.rotateSecret(ENDPOINT_ID));
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

    let ended = false;
    const mute = net.createServer((socket) =>
      socket
        .on("error", () => undefined)
        .on("close", () => (ended = true))
        .resume(),
    );
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    closeLater({ close: () => mute.close() });
    const { port } = mute.address() as net.AddressInfo;
    const { client } = connect(
      REGION_URL,
      { requestTimeoutMs: 200, maxRetries: 0 },
      { environment: { HTTPS_PROXY: `http://127.0.0.1:${port}` } },
    );
    expect(await failureOf(client.webhookEndpoints.rotateSecret(ENDPOINT_ID))).toMatchObject({
      kind: "timeout",
      ambiguous: false,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended).toBe(true);
  });

  it("knows that a tunnel cut after the request may have carried it", async () => {
    const api = await serveTls(inTurn((_response, _index, { socket }) => socket.destroy()));
    const proxy = await startProxy(api.url);
    const error = await failureOf(
      through(proxy.url).client.webhookEndpoints.rotateSecret(ENDPOINT_ID),
    );
    expect(error).toMatchObject({ kind: "network", ambiguous: true, attempts: 3 });
  });
});
