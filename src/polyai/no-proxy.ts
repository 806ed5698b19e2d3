import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";

/**
 * True if a list such as NO_PROXY's spares a host the proxy, as Go reads it: `*`, a CIDR block, an
 * address, a name (which stands for its subdomains too), or `.name` and `*.name` (for those alone).
 * Each but the first two may end in a port.
 */
export function isSpared({ hostname, port }: URL, list: string): boolean {
  const host = withoutBrackets(hostname);
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*") return true;
      const [, address = "", prefix] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
      if (prefix !== undefined) return isWithin(host, address, Number(prefix));
      // An IPv6 address has more colons than one, and stands in brackets if a port follows.
      const [, name = entry, ownPort = ""] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
      if (ownPort !== "" && ownPort !== (port || "443")) return false;
      const spared = withoutBrackets(name);
      return isIP(spared) === 0 ? isBelow(host, spared) : isWithin(host, spared);
    });
}

/** The address of an IPv6 host, which stands in brackets in a URL. */
export const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");

function isBelow(host: string, name: string): boolean {
  const domain = domainToASCII(name.replace(/^\*?\./, ""));
  if (domain === "" || isIP(host) !== 0) return false;
  return host.endsWith(`.${domain}`) || (host === domain && /^[^*.]/.test(name));
}

/** @param prefix the number of bits that count; all of them, if not given */
function isWithin(host: string, address: string, prefix?: number): boolean {
  const [family, hostFamily] = [isIP(address), isIP(host)];
  const bits = family === 4 ? 32 : 128;
  if (family === 0 || hostFamily === 0 || (prefix ?? 0) > bits) return false;
  const block = new BlockList();
  block.addSubnet(address, prefix ?? bits, family === 4 ? "ipv4" : "ipv6");
  return block.check(host, hostFamily === 4 ? "ipv4" : "ipv6");
}
