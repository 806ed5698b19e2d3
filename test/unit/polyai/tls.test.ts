import * as https from "node:https";
import * as net from "node:net";
import type * as tls from "node:tls";
import type { ClientOptions } from "../../../src/polyai/client.js";
import { certificateFor, type Certificate } from "./certificates.js";
import { startProxy, startSocks } from "./proxies.js";
import {
  API_KEY,
  closeAll,
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

const portOf = ({ url }: { readonly url: string }): string => new URL(url).port;

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

it("gives each address of a distant host a third of the time for a connection", async () => {
  const dial = jest.spyOn(require("node:tls") as typeof tls, "connect");
  const api = await serveTls(rotated());
  const agentOptions = { ca: certificate.cert, lookup: resolveTo("127.0.0.1", "2001:db8::1") };
  const { port } = new URL(api.url);
  await connect(`https://api.us.poly.ai:${port}`, {}, { agentOptions }).rotate();
  expect(dial.mock.calls).toMatchObject([[{ autoSelectFamilyAttemptTimeout: 1666 }]]);
  dial.mockRestore();
});

describe("through an HTTP proxy", () => {
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
    const proxy = await startProxy(portOf(api));
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
    expect(proxy.bytes().includes(API_KEY)).toBe(false);
    expect(api.seen).toHaveLength(3);
    expect(api.seen[0]?.headers).toMatchObject({ "x-api-key": API_KEY, host: "api.us.poly.ai" });
    expect(api.seen[0]?.headers).not.toHaveProperty("proxy-authorization");
  });

  it("tunnels through a proxy that is itself asked over TLS", async () => {
    const api = await serveTls(rotated());
    const { key, cert } = certificate;
    const proxy = await startProxy(
      portOf(api),
      undefined,
      https.createServer({ key, cert }),
      "https",
    );
    await through(proxy.url).rotate();
    expect(proxy.asked).toHaveLength(1);
  });

  it("goes past it where NO_PROXY says so", async () => {
    const api = await serveTls(rotated());
    const proxy = await startProxy(portOf(api));
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
    const proxy = await startSocks(portOf(api));
    const { rotate } = through(proxy.url.replace("//", "//us%40er:pa%3Ass@"));
    expect(await rotate()).toBe("whsec_socks");
    expect(proxy.asked).toEqual(["us@er:pa:ss", "api.us.poly.ai:443"]);
  });

  it("verifies the API's certificate all the same", async () => {
    const wrong = certificateFor("DNS:elsewhere.example");
    const api = await serveTls(rotated(), wrong);
    const proxy = await startProxy(portOf(api));
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
      9,
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
    const proxy = await startProxy(portOf(api));
    const error = await failureOf(through(proxy.url).rotate());
    expect(error).toMatchObject({ kind: "network", ambiguous: true, attempts: 3 });
  });
});
