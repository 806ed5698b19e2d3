import { MAX_ID_LENGTH } from "../facts.js";
import { IDS } from "../generated/api-facts.js";
import type { Field } from "./shape.js";

/**
 * The effect of sending an operation a second time after a request that may have acted:
 *
 * | repeat       | operations         | sent again | why                                            |
 * |--------------|--------------------|------------|------------------------------------------------|
 * | `safe`       | get, list          | yes        | changes nothing                                |
 * | `idempotent` | update, delete     | yes        | twice is as once                |
 * | `last_wins`  | rotate-secret      | yes        | the last rotation's secret is the valid one    |
 * | `once`       | create             | no         | would make a second object, beside one that nobody knows |
 *
 * A request that certainly did not act (see `mayHaveActed` in classify.ts) is sent again in all cases.
 */
export type Repeat = "safe" | "idempotent" | "last_wins" | "once";

/** One operation of the API, ready to be sent. */
export interface Operation<T> {
  /** The purpose, for errors and logs: `rotate the webhook signing secret`. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** As the API's documents write it: `/v1/webhook-endpoints/{endpoint_id}`. */
  readonly path: string;
  /** The value for the part in braces. */
  readonly id?: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
  readonly repeat: Repeat;
  /** Reads the answer's JSON; `undefined` stands for an empty body. */
  readonly read: Field<T>;
}

/** Sends an operation, with retries. @throws PolyaiError */
export type Call = <T>(operation: Operation<T>) => Promise<T>;

/** A path parameter that is an id, as the API's document names it: `rule_id`. */
export type IdName = keyof typeof IDS;

const isIdName = (name: string): name is IdName => Object.hasOwn(IDS, name);

export const isId = (name: IdName, text: string): boolean =>
  text.length <= MAX_ID_LENGTH && new RegExp(IDS[name].pattern).test(text);

/**
 * The path to ask, or `undefined` if the id is none: an id such as `..` would make it another
 * operation's path.
 */
export function pathOf({ path, id = "" }: Operation<unknown>): string | undefined {
  const name = /\{(\w+)\}/.exec(path)?.[1];
  if (name === undefined) return path;
  return isIdName(name) && isId(name, id) ? path.replace(`{${name}}`, id) : undefined;
}
