declare module "proxy-from-env" {
  /** The proxy for a URL by *_PROXY and NO_PROXY; empty if it is to be asked directly. */
  export function getProxyForUrl(url: Pick<URL, "protocol" | "host" | "port">): string;
}
