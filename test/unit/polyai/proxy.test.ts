import * as net from "node:net";
import type { Surroundings } from "../../../src/polyai/client.js";
import { until } from "../../support/processes.js";
import { certificateFor, trust, withPlainEnvironment, type Certificate } from "./certificates.js";
import { portOf, startProxy, startSlow, startSocks, startTlsProxy } from "./proxies.js";
import {
  closeAll,
  connect,
  cut,
  failureOf,
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

// With a real CLI, other tests show that a proxy hears the host alone, and SOCKS5 works.
const REGION_URL = "https://api.us.poly.ai";
const through = (proxy: string, surroundings: Surroundings = {}) => {
  process.env["HTTPS_PROXY"] = proxy;
  return connect(REGION_URL, {}, surroundings);
};

it.each([
  ["us%40er:pa%3Ass", "us@er:pa:ss"],
  ["user:100%", "user:100%"],
])("tells the proxy alone %s, a percent sign that encodes nothing as itself", async (...row) => {
  const [given, meant] = row;
  const api = await serveTls(rotated("whsec_tunnelled"), certificate);
  const proxy = await startProxy(portOf(api));
  const { rotate } = through(proxy.url.replace("//", `//${given}@`));
  for (let i = 0; i < 3; i++) expect(await rotate()).toBe("whsec_tunnelled");
  const credentials = `Basic ${Buffer.from(meant).toString("base64")}`;
  expect(proxy.asked).toMatchObject([{ headers: { "proxy-authorization": credentials } }]);
  expect(api.seen[0]?.headers).not.toHaveProperty("proxy-authorization");
});

it.each(["http", "https"])("asks a proxy at an IPv6 address by %s", async (scheme) => {
  const port = portOf(await serveTls(rotated("whsec_ipv6"), certificate));
  const proxy = await (scheme === "http"
    ? startProxy(port, { host: "::1" })
    : startTlsProxy(port, certificate, "::1"));
  expect(await through(proxy.url).rotate()).toBe("whsec_ipv6");
  expect(proxy.asked).toHaveLength(1);
});

it("goes past it where NO_PROXY says so", async () => {
  const api = await serveTls(rotated("whsec_direct"), certificate);
  process.env["NO_PROXY"] = "poly.ai";
  process.env["HTTPS_PROXY"] = "http://127.0.0.1:9";
  const agentOptions = { lookup: resolveTo("127.0.0.1") };
  const { rotate } = connect(`${REGION_URL}:${portOf(api)}`, {}, { agentOptions });
  expect(await rotate()).toBe("whsec_direct");
});

it("never asks it for this machine", async () => {
  process.env["HTTPS_PROXY"] = "http://127.0.0.1:9";
  for (const api of [await serveTls(rotated(), certificate), await serve(rotated())]) {
    expect(await connect(api.url).rotate()).toBe("whsec_new");
  }
});

it.each([
  [407, 1],
  [502, 3],
  [302, 1],
])("takes its refusal with %i for the proxy's, not the API's", async (status, attempts) => {
  const body = '{"signing_secret":"whsec_forged"}';
  const refuse = `HTTP/1.1 ${status} No\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const proxy = await startProxy(9, { refuse });
  const error = await failureOf(through(proxy.url.replace("//", "//user:hunter2@")).rotate());
  expect(error).toMatchObject({ kind: "proxy", ambiguous: false, attempts });
  expect(error.message).toContain(`refused to connect with status ${status}`);
  expect(error.message).toContain(new URL(proxy.url).host);
  expect(error.message).not.toContain("hunter2");
});

it.each(["http:", "socks5:"])("says so where a proxy by %s cannot be reached", async (scheme) => {
  const gone = await serve(rotated());
  await gone.close();
  const error = await failureOf(through(gone.url.replace("http:", scheme)).rotate());
  expect(error).toMatchObject({ kind: "proxy", ambiguous: false, attempts: 3 });
  expect(error.message).toMatch(/127\.0\.0\.1:\d+ .* cannot be reached \(ECONNREFUSED\)/);
});

it("gives a proxy up that does not answer in time", async () => {
  const limit = new AbortController();
  const silent = await listen(net.createServer((socket) => limit.abort(socket.resume())));
  const url = `http://127.0.0.1:${silent.port}`;
  const { rotate } = through(url, { deadline: () => limit.signal });
  expect(await failureOf(rotate())).toMatchObject({ kind: "timeout", ambiguous: false });
  expect(silent.connections()).toBe(3);
  await until(() => silent.open() === 0, "the end of the connection");
});

it("knows that a tunnel cut after the request may have carried it", async () => {
  const proxy = await startProxy(portOf(await serveTls(cut, certificate)));
  const error = await failureOf(through(proxy.url).rotate());
  expect(error).toMatchObject({ kind: "network", ambiguous: true, attempts: 3 });
});

it("a SOCKS5 proxy that refuses is not asked again, and its password is not told", async () => {
  const proxy = await startSocks(9, false);
  const error = await failureOf(through(proxy.url.replace("//", "//user:hunter2@")).rotate());
  expect(error).toMatchObject({ kind: "proxy", ambiguous: false, attempts: 1 });
  expect(error.message).toMatch(/the proxy .* refused .* \(Socks5 Authentication failed\)/);
  expect(error.message).not.toContain("hunter2");
});

it.each([
  ["the API", undefined, async (api: string) => api],
  ["an HTTP proxy", "http://", async (api: string) => portOf(await startProxy(api))],
  ["a SOCKS5 proxy", "socks5://u:p@", async (api: string) => portOf(await startSocks(api))],
])("waits for a distant host that has an address that it cannot reach, too: %s", async (...row) => {
  const [, proxy, start] = row;
  const api = await serveTls(rotated("whsec_slow"), certificate);
  const slow = await startSlow(await start(portOf(api)));
  if (proxy !== undefined) process.env["HTTPS_PROXY"] = `${proxy}proxy.example:${slow.port}`;
  const { rotate } = connect(
    proxy === undefined ? `${REGION_URL}:${slow.port}` : REGION_URL,
    { maxRetries: 0, requestTimeoutMs: 100_000 },
    { agentOptions: { lookup: resolveTo("127.0.0.1", "2001:db8::1") } },
  );
  const call = rotate();
  // Node gives an address 0.25 s if there is another; a later wake-up shows no less.
  setTimeout(() => slow.wake(), 300);
  expect(await call).toBe("whsec_slow");
});
