import { ConfigError } from "../../../src/polyai/errors.js";
import { proxyFor } from "../../../src/polyai/proxy.js";

const target = new URL("https://api.us.poly.ai/v1");
const hrefOf = (url: URL, environment: NodeJS.ProcessEnv) => {
  jest.replaceProperty(process, "env", environment);
  return proxyFor(url)?.href;
};
afterEach(() => jest.restoreAllMocks());

it.each([
  [{ HTTPS_PROXY: "http://p:1" }, "http://p:1/"],
  [{ https_proxy: "http://p:1" }, "http://p:1/"],
  [{ HTTPS_PROXY: "http://p:1", https_proxy: "http://q:1" }, "http://p:1/"],
  [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "a.example", no_proxy: "*" }, "http://p:1/"],
  [{ HTTPS_PROXY: "p:3128" }, "http://p:3128/"],
  [{ HTTPS_PROXY: "[fd12::2]:3128" }, "http://[fd12::2]:3128/"],
  [{ HTTPS_PROXY: "socks5://p:1080" }, "socks5://p:1080"],
])("reads %j as %s", (environment, expected) => {
  expect(hrefOf(target, environment)).toBe(expected);
});

it.each([
  ["*", "https://api.us.poly.ai", true],
  ["api.us.poly.ai", "https://api.us.poly.ai", true],
  ["poly.ai", "https://api.us.poly.ai", true],
  [".poly.ai", "https://api.us.poly.ai", true],
  ["oly.ai", "https://api.us.poly.ai", false],
  ["a.example, poly.ai ,b.example", "https://api.us.poly.ai", true],
  ["poly.ai:8443", "https://api.us.poly.ai:8443", true],
  ["", "https://api.us.poly.ai", false],
  ["10.0.0.5", "https://10.0.0.5", true],
  ["0.0.5", "https://10.0.0.5", false],
  ["10.0.0.5:443", "https://10.0.0.5", true],
  ["::ffff:10.0.0.5", "https://10.0.0.5", true],
  ["10.0.0.0/8", "https://10.1.2.3", true],
  ["10.0.0.0/8", "https://11.1.2.3", false],
  ["0.0.0.0/0", "https://api.us.poly.ai", false],
  ["10.0.0.0/33", "https://10.1.2.3", false],
  ["fd00::/8", "https://[fd12::1]", true],
  ["fe80::/10,fd00::/16", "https://[fd12::1]", false],
  ["fd12::1", "https://[fd12::1]", true],
  ["[fd12::1]:443", "https://[fd12::1]", true],
  ["[fd12::1]:8443", "https://[fd12::1]", false],
  ["bücher.example", "https://api.b\u00fccher.example", true],
  [":443,/8,[]:443,.", "https://api.us.poly.ai", false],
])("NO_PROXY=%s spares %s the proxy: %s", (exceptions, url, spared) => {
  const environment = { HTTPS_PROXY: "http://p:1" };
  for (const name of ["NO_PROXY", "no_proxy"]) {
    expect(hrefOf(new URL(url), { ...environment, [name]: exceptions })).toBe(
      spared ? undefined : "http://p:1/",
    );
  }
});

it.each(["socks4://p:1", "http://", "http://a b", "ftp://user:hunter2@p"])(
  "refuses %s and quotes nothing of it",
  (proxy) => {
    const read = () => hrefOf(target, { HTTPS_PROXY: proxy });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/HTTPS_PROXY must be the URL of an http, https or socks5 proxy/);
    expect(read).not.toThrow(/hunter2/);
  },
);
