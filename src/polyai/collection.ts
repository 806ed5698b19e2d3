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
    list: (filter?: Filter) =>
      call({
        name: `list ${noun}s`,
        method: "GET",
        path,
        query: toWire(filter ?? {}),
        repeat: "safe",
        read: dataOf(item),
      }),

    /** Sent again only if the request certainly made no object. */
    create: (settings: Settings) =>
      call({
        name: `create the ${noun}`,
        method: "POST",
        path,
        body: toWire(settings),
        repeat: "once",
        read: created,
      }),

    get: (id: string) =>
      call({
        name: `get the ${noun}`,
        method: "GET",
        path: one,
        id,
        repeat: "safe",
        read: item,
      }),

    /** Only what `changes` names is changed, as a whole. */
    update: (id: string, changes: Partial<Settings>) =>
      call({
        name: `update the ${noun}`,
        method: "PATCH",
        path: one,
        id,
        body: toWire(changes),
        repeat: "idempotent",
        read: item,
      }),

    delete: (id: string) =>
      call({
        name: `delete the ${noun}`,
        method: "DELETE",
        path: one,
        id,
        repeat: "idempotent",
        read: nothing,
      }),
  };
}
