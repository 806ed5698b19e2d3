import { ConfigError } from "../../../src/polyai/errors.js";
import { proxyFor } from "../../../src/polyai/proxy.js";

const target = new URL("https://api.us.poly.ai/v1");
const hrefOf = (url: URL, environment: Record<string, string>) =>
  proxyFor(url, environment)?.url.href;

it.each([
  [{}, undefined],
  [{ HTTPS_PROXY: "" }, undefined],
  [{ HTTP_PROXY: "http://p:1" }, undefined],
  [{ HTTPS_PROXY: "http://p:1" }, "http://p:1/"],
  [{ https_proxy: "http://p:1" }, "http://p:1/"],
  [{ HTTPS_PROXY: "https://p" }, "https://p/"],
  [{ HTTPS_PROXY: "p:3128" }, "http://p:3128/"],
])("reads %j as %s", (environment, expected) => {
  expect(hrefOf(target, environment as Record<string, string>)).toBe(expected);
});

it.each([
  ["*", "https://api.us.poly.ai", true],
  ["api.us.poly.ai", "https://api.us.poly.ai", true],
  ["API.us.Poly.AI", "https://api.us.poly.ai", true],
  ["poly.ai", "https://api.us.poly.ai", true],
  [".poly.ai", "https://api.us.poly.ai", true],
  ["*.poly.ai", "https://api.us.poly.ai", true],
  [".api.us.poly.ai", "https://api.us.poly.ai", false],
  ["oly.ai", "https://api.us.poly.ai", false],
  ["a.example, poly.ai ,b.example", "https://api.us.poly.ai", true],
  ["poly.ai:443", "https://api.us.poly.ai", true],
  ["poly.ai:8443", "https://api.us.poly.ai", false],
  ["poly.ai:8443", "https://api.us.poly.ai:8443", true],
  ["", "https://api.us.poly.ai", false],
  [",,", "https://api.us.poly.ai", false],
  ["10.0.0.5", "https://10.0.0.5", true],
  ["10.0.0.0/8", "https://10.200.0.5", true],
  ["10.0.0.0/8", "https://11.0.0.5", false],
  ["10.0.0.0/99", "https://10.0.0.5", false],
  ["10.0.0.0/8", "https://api.us.poly.ai", false],
  ["0.0.5", "https://10.0.0.5", false],
  ["fd00::/8", "https://[fd12::1]", true],
  ["[fd12::1]:443", "https://[fd12::1]", true],
  ["fd12:0::1", "https://[fd12::1]", true],
  ["fd12::2", "https://[fd12::1]", false],
])("NO_PROXY=%s spares %s the proxy: %s", (exceptions, url, spared) => {
  const environment = { HTTPS_PROXY: "http://p:1" };
  for (const name of ["NO_PROXY", "no_proxy"]) {
    expect(hrefOf(new URL(url), { ...environment, [name]: exceptions })).toBe(
      spared ? undefined : "http://p:1/",
    );
  }
});

it.each(["http://localhost:8787", "https://localhost", "https://127.0.0.1:1", "https://[::1]"])(
  "never sends %s to a proxy",
  (url) => {
    expect(proxyFor(new URL(url), { HTTPS_PROXY: "http://p:1" })).toBeUndefined();
  },
);

it("decodes the proxy's credentials into its header", () => {
  expect(proxyFor(target, { HTTPS_PROXY: "http://us%40er:p%3Aw@p:1" })?.authorization).toBe(
    `Basic ${Buffer.from("us@er:p:w").toString("base64")}`,
  );
});

it.each(["socks5://p:1", "http://", "http://a b", "ftp://user:hunter2@p"])(
  "refuses %s and quotes nothing of it",
  (proxy) => {
    const read = () => proxyFor(target, { HTTPS_PROXY: proxy });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/HTTPS_PROXY must be the URL of an http or https proxy/);
    expect(read).not.toThrow(/hunter2/);
  },
);
