import { HttpsProxyAgent } from "hpagent";
import * as https from "node:https";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { getProxyForUrl } from "proxy-from-env";
import { SocksClient } from "socks";
import { ConfigError } from "./errors.js";

/**
 * The proxy that HTTPS_PROXY names for a URL, unless NO_PROXY spares it. As Terraform itself (Go)
 * reads them: a proxy without a scheme is an http one, and a name in NO_PROXY stands for its
 * subdomains too.
 *
 * @throws ConfigError if HTTPS_PROXY is no URL of a proxy; it quotes no credentials
 */
export function proxyFor({ protocol, hostname, port }: URL): URL | undefined {
  const configured = process.env["https_proxy"] || process.env["HTTPS_PROXY"] || "";
  const names = [hostname, ...(isIP(hostname) === 0 ? parentsOf(hostname) : [])];
  if (names.some((host) => getProxyForUrl({ protocol, host, port }) === "")) return undefined;
  const text = configured.includes("://") ? configured : `http://${configured}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "" || !/^(?:https?|socks5h?):$/.test(url.protocol)) {
    throw new ConfigError(
      "The environment variable HTTPS_PROXY must be the URL of an http, https or socks5 proxy, such as http://proxy.example.com:3128.",
    );
  }
  return url;
}

const parentsOf = (name: string): readonly string[] => {
  const labels = name.split(".");
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join("."));
};

/** Tunnels TLS through a proxy. No request gets a socket before the proxy has connected it. */
export const proxyAgent = (proxy: URL, options: https.AgentOptions): https.Agent =>
  proxy.protocol.startsWith("socks")
    ? new SocksProxyAgent(proxy, options)
    : new HttpsProxyAgent({
        ...options,
        proxy,
        proxyRequestOptions: options as { readonly ca?: string[] },
      });

/** The proxy looks up the host's name. */
class SocksProxyAgent extends https.Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: https.RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const { hostname, port, username, password } = this.#proxy;
    SocksClient.createConnection({
      command: "connect",
      proxy: {
        type: 5,
        host: hostname.replace(/^\[(.*)\]$/, "$1"),
        port: Number(port || 1080),
        ...(username === ""
          ? {}
          : { userId: decodeURIComponent(username), password: decodeURIComponent(password) }),
      },
      destination: { host: options.host ?? "", port: Number(options.port) },
      timeout: this.options.timeout ?? 0,
    }).then(
      ({ socket }) =>
        callback(null, super.createConnection({ ...options, socket } as never) as Duplex),
      (error: unknown) => callback(error as Error, undefined as never),
    );
  }
}
