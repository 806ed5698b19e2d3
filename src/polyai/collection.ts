import type { Call, IdName } from "./operation.js";
import { dataOf, nothing, toWire, type Field } from "./shape.js";

/** One kind of object of the API. */
export interface Kind<Item, Created> {
  /** For errors and logs: `alert rule`. */
  readonly noun: string;
  /** As the API's documents write it: `/v1/alert-rules`. */
  readonly path: string;
  /** The path parameter for an id: `rule_id`. */
  readonly id: IdName;
  readonly item: Field<Item>;
  /** The answer to a creation. */
  readonly created: Field<Created>;
}

/** The operations that all kinds have. Every method throws PolyaiError. */
export function collection<Filter extends object, Settings extends object, Item, Created>(
  call: Call,
  { noun, path, id: parameter, item, created }: Kind<Item, Created>,
) {
  const one = `${path}/{${parameter}}`;
  return {
    /** The account's objects, 10 at most. */
    list(filter?: Filter) {
      const query = toWire(filter ?? {});
      const name = `list ${noun}s`;
      return call({ name, method: "GET", path, query, repeat: "safe", read: dataOf(item) });
    },

    /** Sent again only if the request certainly made no object. */
    create(settings: Settings) {
      const body = toWire(settings);
      const name = `create the ${noun}`;
      return call({ name, method: "POST", path, body, repeat: "once", read: created });
    },

    get(id: string) {
      const name = `get the ${noun}`;
      return call({ name, method: "GET", path: one, id, repeat: "safe", read: item });
    },

    /** Only what `changes` names is changed, as a whole. */
    update(id: string, changes: Partial<Settings>) {
      const body = toWire(changes);
      const name = `update the ${noun}`;
      return call({ name, method: "PATCH", path: one, id, body, repeat: "idempotent", read: item });
    },

    delete(id: string) {
      const name = `delete the ${noun}`;
      return call({ name, method: "DELETE", path: one, id, repeat: "idempotent", read: nothing });
    },
  };
}
