import * as https from "node:https";
import * as net from "node:net";
import type { ClientOptions } from "../../../src/polyai/client.js";
import { until } from "../../support/processes.js";
import { certificateFor, trust, withPlainEnvironment, type Certificate } from "./certificates.js";
import { portOf, startProxy, startSlow, startSocks } from "./proxies.js";
import {
  API_KEY,
  closeAll,
  connect,
  ENDPOINT_ID,
  failureOf,
  inTurn,
  listen,
  resolveTo,
  rotated,
  serve,
  serveTls,
} from "./server.js";

let certificate: Certificate;
beforeAll(() => {
  certificate = certificateFor("DNS:api.us.poly.ai", "IP:127.0.0.1", "IP:::1");
});

withPlainEnvironment();
beforeEach(() => trust(certificate));
afterEach(closeAll);

const REGION_URL = "https://api.us.poly.ai";
const through = (proxy: string, options: Partial<ClientOptions> = {}) => {
  process.env["HTTPS_PROXY"] = proxy;
  return connect(REGION_URL, options);
};

it("tunnels, so that the proxy sees the host and neither key nor path", async () => {
  const api = await serveTls(rotated("whsec_tunnelled"), certificate);
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
  expect(JSON.stringify(proxy.asked)).not.toContain(API_KEY);
  expect(proxy.bytes().includes(API_KEY)).toBe(false);
  expect(api.seen).toHaveLength(3);
  expect(api.seen[0]?.headers).toMatchObject({ "x-api-key": API_KEY, host: "api.us.poly.ai" });
  expect(api.seen[0]?.headers).not.toHaveProperty("proxy-authorization");
});

it("tunnels through a proxy that is itself asked over TLS", async () => {
  const api = await serveTls(rotated(), certificate);
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
  const api = await serveTls(rotated(), certificate);
  const proxy = await startProxy(portOf(api));
  Object.assign(process.env, { HTTPS_PROXY: proxy.url, NO_PROXY: "poly.ai" });
  const { rotate } = connect(
    api.url.replace("127.0.0.1", "api.us.poly.ai"),
    {},
    { agentOptions: { lookup: resolveTo("127.0.0.1") } },
  );
  await rotate();
  expect(proxy.asked).toHaveLength(0);
  expect(api.seen).toHaveLength(1);
});

it.each([
  ["an https URL", () => serveTls(rotated(), certificate)],
  ["a plain http URL", () => serve(rotated())],
])("never asks it for this machine: %s", async (_url, start) => {
  const api = await start();
  Object.assign(process.env, { HTTPS_PROXY: "http://127.0.0.1:9" });
  const { rotate } = connect(api.url);
  await rotate();
  expect(api.seen).toHaveLength(1);
});

it("verifies the API's certificate all the same", async () => {
  const wrong = certificateFor("DNS:elsewhere.example");
  const api = await serveTls(rotated(), wrong);
  const proxy = await startProxy(portOf(api));
  trust(wrong);
  const { rotate } = through(proxy.url);
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
  expect(connections()).toBe(1);
  await until(() => open() === 0, "the end of the connection");
});

it("knows that a tunnel cut after the request may have carried it", async () => {
  const api = await serveTls(
    inTurn((_response, _index, { socket }) => socket.destroy()),
    certificate,
  );
  const proxy = await startProxy(portOf(api));
  const error = await failureOf(through(proxy.url).rotate());
  expect(error).toMatchObject({ kind: "network", ambiguous: true, attempts: 3 });
});

describe("a proxy at an IPv6 address", () => {
  it.each(["http", "https"])("is asked by %s", async (scheme) => {
    const api = await serveTls(rotated("whsec_ipv6"), certificate);
    const { key, cert } = certificate;
    const server = scheme === "https" ? https.createServer({ key, cert }) : undefined;
    const proxy = await startProxy(portOf(api), undefined, server, scheme, "::1");
    expect(await through(proxy.url).rotate()).toBe("whsec_ipv6");
    expect(proxy.asked).toHaveLength(1);
  });
});

describe("a SOCKS5 proxy", () => {
  it("is given a user name and a password, and looks up the host", async () => {
    const api = await serveTls(rotated("whsec_socks"), certificate);
    const proxy = await startSocks(portOf(api));
    const { rotate } = through(proxy.url.replace("//", "//us%40er:pa%3Ass@"));
    expect(await rotate()).toBe("whsec_socks");
    expect(proxy.asked).toEqual(["us@er:pa:ss", "api.us.poly.ai:443"]);
  });

  it("that refuses is not asked again, and its password is not told", async () => {
    const proxy = await startSocks(9, false);
    const { rotate } = through(proxy.url.replace("//", "//user:hunter2@"));
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "proxy", ambiguous: false, attempts: 1 });
    expect(error.message).toMatch(
      /the proxy .* refused to connect \(Socks5 Authentication failed\)/,
    );
    expect(error.message).not.toContain("hunter2");
  });

  it("that is not there is told by its address and the system's reason", async () => {
    const gone = await serve(rotated());
    await gone.close();
    const { rotate } = through(gone.url.replace("http:", "socks5:"));
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "proxy", attempts: 3 });
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ .* cannot be reached \(ECONNREFUSED\)/);
  });
});

it("takes a percent sign in a password for itself if it encodes nothing", async () => {
  const api = await serveTls(rotated(), certificate);
  const proxy = await startProxy(portOf(api));
  await through(proxy.url.replace("//", "//user:100%@")).rotate();
  const [user, password] = ["user", "100%"];
  expect(proxy.asked[0]?.headers["proxy-authorization"]).toBe(
    `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  );
});

describe("waits for a distant host that has an address that it cannot reach, too:", () => {
  const lookup = resolveTo("127.0.0.1", "2001:db8::1");
  it.each([
    ["the API", undefined, async (api: string) => api],
    ["an HTTP proxy", "http://", async (api: string) => portOf(await startProxy(api))],
    ["a SOCKS5 proxy", "socks5://u:p@", async (api: string) => portOf(await startSocks(api))],
  ])("%s", async (_who, proxy, start) => {
    const api = await serveTls(rotated("whsec_slow"), certificate);
    const slow = await startSlow(await start(portOf(api)));
    if (proxy !== undefined) process.env["HTTPS_PROXY"] = `${proxy}proxy.example:${slow.port}`;
    const { rotate } = connect(
      proxy === undefined ? `${REGION_URL}:${slow.port}` : REGION_URL,
      { maxRetries: 0, requestTimeoutMs: 30_000 },
      { agentOptions: { lookup } },
    );
    const call = rotate();
    setTimeout(() => slow.wake(), 300);
    expect(await call).toBe("whsec_slow");
  });
});
