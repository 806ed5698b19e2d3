import { LOOPBACK } from "../facts.js";

/** The URLs that deliveries really go to: `deliverTo` of the simulator's options. */
export class Receivers {
  readonly #routes = new Map<string, URL>();

  /** @throws TypeError if a target is no http or https URL of this machine */
  constructor(routes: Readonly<Record<string, string>> = {}) {
    for (const [from, to] of Object.entries(routes)) this.add(from, to);
  }

  /** @param from an endpoint's URL, its origin, or `*` */
  add(from: string, to: string): void {
    const target = new URL(URL.canParse(to) ? to : "none:");
    if (!/^https?:$/.test(target.protocol) || !LOOPBACK.test(target.hostname)) {
      throw new TypeError(
        `Deliveries can go to http://127.0.0.1, http://[::1] or http://localhost only, not to ${to}`,
      );
    }
    if (from !== "*" && !URL.canParse(from)) throw new TypeError(`${from} is neither a URL nor *`);
    this.#routes.set(from === "*" ? from : new URL(from).href, target);
  }

  /** The exact URL counts before its origin, and that before `*`. */
  find(endpointUrl: string): URL | undefined {
    const { href, origin } = new URL(endpointUrl);
    const routes = [href, `${origin}/`, "*"].map((from) => this.#routes.get(from));
    return routes.find((route) => route !== undefined);
  }
}
