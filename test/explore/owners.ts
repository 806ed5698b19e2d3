import type { Held } from "./state.js";
import type { Place, World } from "./world.js";

/** A resource whose object holds an endpoint's secret. */
export interface Owner {
  readonly place: Place;
  readonly address: string;
  readonly held: Held;
}

/** By endpoint, the current objects of all states that hold its secret. */
export function ownersOf({ places }: World): ReadonlyMap<string, readonly Owner[]> {
  const owners = new Map<string, Owner[]>();
  for (const place of Object.values(places)) {
    for (const [address, { type, current }] of place.state) {
      if (type !== "polyai_webhook_secret" || current === undefined) continue;
      const endpoint = current.state["endpoint_id"] as string;
      owners.set(endpoint, [...(owners.get(endpoint) ?? []), { place, address, held: current }]);
    }
  }
  return owners;
}

/** When an endpoint's secret changed last, and when a command last said so; and who shares it. */
export class Records {
  readonly #records = new Map<
    string,
    { live: string | undefined; changed: number; told: number }
  >();
  readonly #shared = new Set<string>();

  of(endpoint: string, live: string | undefined, command: number, told: boolean) {
    const before = this.#records.get(endpoint) ?? { live, changed: command, told: -1 };
    const record = {
      live,
      changed: before.live === live ? before.changed : command,
      told: told ? command : before.told,
    };
    this.#records.set(endpoint, record);
    return record;
  }

  /**
   * Notes the endpoints that two resources are configured with, or that two states hold: the
   * promise is for one endpoint in one resource of one state.
   */
  noteShared({ places }: World): void {
    const configured: string[] = [];
    const held: string[] = [];
    for (const place of Object.values(places)) {
      const { state } = place;
      configured.push(...configuredEndpoints(place));
      const objects = [...state.values()].flatMap(({ current, deposed }) => [
        ...(current ? [current] : []),
        ...deposed.values(),
      ]);
      held.push(...new Set(objects.map(({ state: object }) => object["endpoint_id"] as string)));
    }
    for (const endpoints of [configured, held]) {
      for (const [index, each] of endpoints.entries()) {
        if (endpoints.indexOf(each) !== index) this.#shared.add(each);
      }
    }
  }

  shared(endpoint: string): boolean {
    return this.#shared.has(endpoint);
  }
}

/** True if the owner's address is configured with this endpoint. */
export const isConfigured = ({ place, address }: Owner, endpoint: string): boolean => {
  const each = place.configuration.get(address);
  return (
    each?.type === "polyai_webhook_secret" && endpointOf(each.endpoint, place.state) === endpoint
  );
};

const configuredEndpoints = ({ configuration, state }: Place): readonly string[] =>
  [...configuration.values()].flatMap((each) =>
    each.type === "polyai_webhook_secret" ? [endpointOf(each.endpoint, state)] : [],
  );

const endpointOf = (reference: string, state: Place["state"]): string =>
  (state.get(reference)?.current?.state["id"] as string | undefined) ?? reference;
