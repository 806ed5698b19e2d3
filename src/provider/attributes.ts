import { nullable, type Attribute, type ValueType } from "../plugin/schema/attribute.js";
import type { Attributes } from "../plugin/schema/values.js";

type ValueOf<A> = A extends Attribute<infer V> ? V : never;

/** A resource's attributes as a data source has them: the same, but only to be read. */
export const computedFrom = <A extends Attributes>(attributes: A) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, options }]) => {
      const { description, sensitive = false } = options;
      return [name, { type, source: "computed", options: { description, sensitive } }];
    }),
  ) as { readonly [K in keyof A]: Attribute<ValueOf<A[K]>, "computed"> };

/** The types of a resource's attributes, for a list of objects that have them. */
export const typesOf = <A extends Attributes>(attributes: A) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type }]) => [name, nullable(type)]),
  ) as { readonly [K in keyof A]: ValueType<ValueOf<A[K]> | null> };

/** The names of the attributes that the practitioner sets. */
export const settingsIn = (attributes: Attributes): readonly string[] =>
  Object.entries(attributes).flatMap(([name, { source }]) => (source === "computed" ? [] : name));

/** Words for a description: `5m`, `10m`, `60m`. */
export const listed = (words: readonly string[], separator = ", "): string =>
  words.map((word) => `\`${word}\``).join(separator);

/** A fixed order for lists, since the API's own may change between two reads. */
export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : 1;
