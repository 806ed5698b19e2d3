import type { SETTINGS, WORDS } from "../generated/api-facts.js";
import type { components } from "../generated/openapi.js";

type Schemas = components["schemas"];

/** One of the documented words for something: `Word<"AlertMetric">`. */
export type Word<Name extends keyof typeof WORDS> = (typeof WORDS)[Name][number];

type CamelCase<S> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** An object of the API's document as the client gives it: null stands for what may be left out. */
export type ApiObject<Name extends keyof Schemas> = {
  readonly [K in keyof Schemas[Name] as CamelCase<K>]-?: undefined extends Schemas[Name][K]
    ? Exclude<Schemas[Name][K], undefined> | null
    : Schemas[Name][K];
};

type Request = keyof typeof SETTINGS;

/** The settings of a creation that the document gives a default. */
type Defaulted<Name extends Request> = {
  [K in keyof (typeof SETTINGS)[Name]]: (typeof SETTINGS)[Name][K] extends {
    readonly default: unknown;
  }
    ? CamelCase<K>
    : never;
}[keyof (typeof SETTINGS)[Name]];

/** The settings of a creation. Those with a default may be left out. */
export type Settings<Name extends Request> = Omit<ApiObject<Name>, Defaulted<Name>> &
  Partial<Pick<ApiObject<Name>, Extract<Defaulted<Name>, keyof ApiObject<Name>>>>;
