import { BlockList, isIP } from "node:net";
import { ConfigError } from "./errors.js";
import { isLoopback } from "./regions.js";

/** An HTTP proxy that tunnels (CONNECT). */
export interface Proxy {
  readonly url: URL;
  /** The value of Proxy-Authorization. */
  readonly authorization?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a URL, by the rules that Terraform itself follows (Go's
 * `httpproxy`): HTTPS_PROXY for https, NO_PROXY with domains, addresses, CIDR blocks, ports and `*`,
 * the lower-case names as well, and never a proxy for this machine. Plain http goes to this machine
 * only, so that HTTP_PROXY has nothing to say. axios' own reading knows no domain that stands for
 * its subdomains, and asks the proxy for loopback too.
 *
 * @throws ConfigError where HTTPS_PROXY is no URL of an http or https proxy; it quotes no credentials
 */
export function proxyFor(target: URL, environment: Environment): Proxy | undefined {
  const configured = environment["HTTPS_PROXY"] || environment["https_proxy"] || "";
  if (configured === "" || target.protocol !== "https:" || isLoopback(target.hostname)) {
    return undefined;
  }
  const port = Number(target.port || "443");
  const exceptions = environment["NO_PROXY"] || environment["no_proxy"] || "";
  if (exceptions.split(",").some((entry) => covers(entry.trim().toLowerCase(), target, port))) {
    return undefined;
  }
  return readProxy(configured);
}

function readProxy(configured: string): Proxy {
  const text = configured.includes("://") ? configured : `http://${configured}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw new ConfigError(
      "The environment variable HTTPS_PROXY must be the URL of an http or https proxy, such as http://proxy.example.com:3128.",
    );
  }
  if (url.username === "" && url.password === "") return { url };
  const credentials = `${decode(url.username)}:${decode(url.password)}`;
  return { url, authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Whether one entry of NO_PROXY covers a host. */
function covers(entry: string, target: URL, port: number): boolean {
  if (entry === "*") return true;
  const host = bare(target.hostname.toLowerCase()).replace(/\.$/, "");
  const block = /^(.+)\/(\d{1,3})$/.exec(entry);
  if (block) return inBlock(host, bare(block[1] ?? ""), Number(block[2]));

  const withPort = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry);
  if (withPort && Number(withPort[2]) !== port) return false;
  const name = bare(withPort?.[1] ?? entry).replace(/^\*(?=\.)/, "");
  if (name === "") return false;
  if (isIP(host) !== 0) return isIP(name) === isIP(host) && canonical(name) === canonical(host);
  return name.startsWith(".") ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

function inBlock(host: string, network: string, prefix: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || prefix > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(network, prefix, type);
  return block.check(host, type);
}

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");

const canonical = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]`).hostname : address;
