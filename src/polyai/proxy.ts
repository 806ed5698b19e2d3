import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { connect, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { SocksClient } from "socks";
import { ConfigError, ProxyRefusal } from "./errors.js";
import { isSpared, withoutBrackets } from "./no-proxy.js";

/**
 * The proxy that HTTPS_PROXY names for a URL, unless NO_PROXY spares it. As Terraform itself (Go)
 * reads them: a proxy without a scheme is an http one.
 *
 * @throws ConfigError if HTTPS_PROXY is no URL of a proxy; it quotes no credentials
 */
export function proxyFor(target: URL): URL | undefined {
  const { HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy } = process.env;
  const configured = HTTPS_PROXY || https_proxy || "";
  if (isSpared(target, NO_PROXY || no_proxy || "")) return undefined;
  const text = configured.includes("://") ? configured : `http://${configured}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "" || !/^(?:https?|socks5h?):$/.test(url.protocol)) {
    throw new ConfigError(
      "The environment variable HTTPS_PROXY must be the URL of an http, https or socks5 proxy, such as http://proxy.example.com:3128.",
    );
  }
  return url;
}

/** Tunnels TLS through a proxy. No request gets a socket before the proxy has connected it. */
export class ProxyAgent extends https.Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: https.RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const open = this.#proxy.protocol.startsWith("socks") ? openSocks : openHttp;
    open(this.#proxy, options.host ?? "", Number(options.port), this.options).then(
      (socket) => callback(null, super.createConnection({ ...options, socket } as never) as Duplex),
      (error: unknown) => callback(error as Error, undefined as never),
    );
  }
}

type Open = (
  proxy: URL,
  host: string,
  port: number,
  options: https.AgentOptions,
) => Promise<Socket>;

const openHttp: Open = (proxy, host, port, options) =>
  new Promise((resolve, reject) => {
    const hostname = withoutBrackets(proxy.hostname);
    const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    const [user, password] = credentialsOf(proxy);
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const request = (proxy.protocol === "https:" ? https : http).request({
      ...options,
      agent: false,
      protocol: proxy.protocol,
      method: "CONNECT",
      hostname,
      port: proxy.port,
      servername: isIP(hostname) === 0 ? hostname : "",
      path: target,
      headers: {
        host: target,
        ...(user || password ? { "proxy-authorization": authorization } : {}),
      },
    });
    request.once("connect", ({ statusCode = 0 }, socket) => {
      if (statusCode >= 200 && statusCode < 300) {
        resolve(socket.setTimeout(0));
        return;
      }
      socket.destroy();
      const hint = statusCode === 407 ? ": it wants a user name and password" : "";
      const transient = statusCode >= 500 || statusCode === 429 || statusCode === 408;
      reject(new ProxyRefusal(`with status ${statusCode}${hint}`, transient));
    });
    request.once("timeout", () => request.destroy(late()));
    request.once("error", reject).end();
  });

/** The proxy looks up the host's name. */
const openSocks: Open = async (proxy, host, port, options) => {
  const [userId, password] = credentialsOf(proxy);
  const at = { host: withoutBrackets(proxy.hostname), port: Number(proxy.port || 1080) };
  const socket = connect({ ...options, ...at });
  socket.once("timeout", () => socket.destroy(late()));
  await once(socket, "connect");
  try {
    await SocksClient.createConnection({
      command: "connect",
      proxy: { type: 5, ...at, ...(userId === "" ? {} : { userId, password }) },
      destination: { host, port },
      existing_socket: socket,
    });
  } catch (error) {
    const { message } = error as Error;
    throw new ProxyRefusal(`(${message})`, !/authentication|NotAllowed/i.test(message));
  }
  return socket.setTimeout(0);
};

const late = () => Object.assign(new Error("no answer"), { code: "ETIMEDOUT" });

/** A `%` that encodes nothing stands for itself. */
const credentialsOf = ({ username, password }: URL): readonly string[] =>
  [username, password].map((text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  });
