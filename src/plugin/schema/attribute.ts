import * as cty from "../cty/type.js";
import type { Type } from "../cty/type.js";

/** A cty type together with `V`, the TypeScript type of its known, non-null values. */
export interface ValueType<V> {
  readonly cty: Type;
  /** A collection's elements. */
  readonly element?: ValueType<unknown>;
  /** An object's attributes. */
  readonly attributes?: Readonly<Record<string, ValueType<unknown>>>;
  /** True for an element or an object's attribute that may be null. */
  readonly nullable?: boolean;
  /** Exists in the type system alone. */
  readonly known?: V;
}

/** Looks at a known, non-null value. Gives the problem with it, in sentences. */
export type Validator<V> = (value: V) => string | undefined;

type ElementOf<V> =
  V extends ReadonlyMap<string, infer E> ? E : V extends readonly (infer E)[] ? E : never;

/** Who gives an attribute its value. */
export type Source =
  /** The practitioner, always. */
  | "required"
  /** The practitioner, or nobody: it is null then. */
  | "optional"
  /** The practitioner, or else its default. */
  | "defaulted"
  /** The provider alone. */
  | "computed";

export interface Attribute<V = unknown, S extends Source = Source> {
  readonly type: ValueType<V>;
  readonly source: S;
  readonly options: AttributeOptions<V>;
}

export interface AttributeOptions<V> {
  /** Markdown, for the docs, the bindings and `terraform providers schema`. */
  readonly description: string;
  readonly sensitive?: boolean;
  /** Given to the provider and then forgotten: null in every plan and state. */
  readonly writeOnly?: boolean;
  /** A change cannot be made in place. */
  readonly requiresReplace?: boolean;
  /** The computed attributes that are unknown again once this one changes. */
  readonly recomputes?: readonly string[];
  readonly validate?: readonly Validator<V>[];
  /** Looks at each known, non-null element of a collection, whatever the others are. */
  readonly validateElement?: Validator<ElementOf<V>>;
  /** The same for the keys of a map. */
  readonly validateKey?: Validator<string>;
  readonly default?: V;
}

type ConfigOptions<V> = Omit<AttributeOptions<V>, "default">;
type ComputedOptions = Pick<AttributeOptions<never>, "description" | "sensitive">;

/** Makes attributes of one type: `string.required({ … })`, `mapOf(string).optional({ … })`. */
export interface AttributeBuilder<V> extends ValueType<V> {
  required(options: ConfigOptions<V>): Attribute<V, "required">;
  optional(options: ConfigOptions<V> & { readonly writeOnly?: boolean }): Attribute<V, "optional">;
  /** Optional, and `default` where the config has null. */
  defaulted(options: ConfigOptions<V> & { readonly default: V }): Attribute<V, "defaulted">;
  computed(options: ComputedOptions): Attribute<V, "computed">;
}

const builder = <V>(type: ValueType<V>): AttributeBuilder<V> => ({
  ...type,
  required: (options) => ({ type, source: "required", options }),
  optional: (options) => ({ type, source: "optional", options }),
  defaulted: (options) => ({ type, source: "defaulted", options }),
  computed: (options) => ({ type, source: "computed", options }),
});

export const string = builder<string>({ cty: cty.STRING });
/** A number that JavaScript holds exactly; validation refuses any other. */
export const number = builder<number>({ cty: cty.NUMBER });
export const bool = builder<boolean>({ cty: cty.BOOL });
export const listOf = <V>(element: ValueType<V>): AttributeBuilder<readonly V[]> =>
  builder({ cty: cty.list(element.cty), element });
export const setOf = <V>(element: ValueType<V>): AttributeBuilder<readonly V[]> =>
  builder({ cty: cty.set(element.cty), element });
export const mapOf = <V>(element: ValueType<V>): AttributeBuilder<ReadonlyMap<string, V>> =>
  builder({ cty: cty.map(element.cty), element });
/** An object all of whose attributes are there, and are required unless they are {@link nullable}. */
export const objectOf = <T extends Readonly<Record<string, ValueType<unknown>>>>(
  attributes: T,
): AttributeBuilder<{ readonly [K in keyof T]: KnownOf<T[K]> }> =>
  builder({
    cty: cty.object(
      Object.fromEntries(Object.entries(attributes).map(([name, type]) => [name, type.cty])),
    ),
    attributes,
  });

/** The type of an element or an object's attribute that may be null. */
export const nullable = <V>(type: ValueType<V>): ValueType<V | null> => ({
  ...type,
  nullable: true,
});

/** The TypeScript type of a value type's known values. */
export type KnownOf<T> = T extends ValueType<infer V> ? V : never;
