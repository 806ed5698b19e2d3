import { LOOPBACK } from "../facts.js";

/** The URLs that deliveries really go to: `deliverTo` and `deliverToInternet` of the simulator's options. */
export class Receivers {
  private readonly routes = new Map<string, URL>();

  /** @throws TypeError if a target is no http or https URL of this machine */
  constructor(
    routes: Readonly<Record<string, string>>,
    private readonly toInternet: boolean,
  ) {
    for (const [from, to] of Object.entries(routes)) this.add(from, to);
  }

  /**
   * @param from an endpoint's URL, its origin, or `*`
   * @param to a URL on this machine
   * @throws TypeError if `to` is no http or https URL of this machine
   */
  add(from: string, to: string): void {
    const target = URL.canParse(to) ? new URL(to) : undefined;
    if (target === undefined || !/^https?:$/.test(target.protocol) || !isLoopback(target)) {
      throw new TypeError(
        `Deliveries can go to http://127.0.0.1, http://[::1] or http://localhost only, not to ${to}`,
      );
    }
    this.routes.set(from === "*" ? from : normalised(from), target);
  }

  /** The exact URL counts before its origin, and that before `*`. */
  find(endpointUrl: string): URL | undefined {
    if (!URL.canParse(endpointUrl)) return undefined;
    const url = new URL(endpointUrl);
    return (
      this.routes.get(url.href) ??
      this.routes.get(`${url.origin}/`) ??
      this.routes.get("*") ??
      (this.toInternet ? url : undefined)
    );
  }
}

function normalised(url: string): string {
  if (!URL.canParse(url)) throw new TypeError(`${url} is neither a URL nor *`);
  return new URL(url).href;
}

export function isLoopback({ hostname }: Pick<URL, "hostname">): boolean {
  return LOOPBACK.test(hostname);
}
