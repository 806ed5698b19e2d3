import * as cty from "../cty/type.js";
import type { Type } from "../cty/type.js";
import type { PathStep } from "../cty/path.js";

/** A cty type together with `V`, the TypeScript type of its known, non-null values. */
export interface ValueType<V> {
  readonly cty: Type;
  /** Exists in the type system alone. */
  readonly known?: V;
}

/** A validation problem: a sentence, and the path to the part at fault if it is not the whole value. */
export type Problem = string | { readonly message: string; readonly at: readonly PathStep[] };

/** Looks at a known, non-null value. */
export type Validator<V> = (value: V) => Problem | undefined;

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
  readonly deprecated?: boolean;
  /** Given to the provider and then forgotten: null in every plan and state. */
  readonly writeOnly?: boolean;
  /** A change cannot be made in place. */
  readonly requiresReplace?: boolean;
  /** The computed attributes that are unknown again once this one changes. */
  readonly recomputes?: readonly string[];
  readonly validate?: readonly Validator<V>[];
  readonly default?: V;
}

type ConfigOptions<V> = Omit<AttributeOptions<V>, "default">;
type ComputedOptions = Pick<AttributeOptions<never>, "description" | "sensitive" | "deprecated">;

/** Makes attributes of one type: `string.required({ … })`, `mapOf(string).optional({ … })`. */
export interface AttributeBuilder<V> extends ValueType<V> {
  required(options: ConfigOptions<V>): Attribute<V, "required">;
  optional(options: ConfigOptions<V> & { readonly writeOnly?: boolean }): Attribute<V, "optional">;
  /** Optional, and `default` where the config has null. */
  defaulted(options: ConfigOptions<V> & { readonly default: V }): Attribute<V, "defaulted">;
  computed(options: ComputedOptions): Attribute<V, "computed">;
}

const builder = <V>(type: Type): AttributeBuilder<V> => ({
  cty: type,
  required: (options) => ({ type: { cty: type }, source: "required", options }),
  optional: (options) => ({ type: { cty: type }, source: "optional", options }),
  defaulted: (options) => ({ type: { cty: type }, source: "defaulted", options }),
  computed: (options) => ({ type: { cty: type }, source: "computed", options }),
});

export const string = builder<string>(cty.STRING);
/** A number that JavaScript holds exactly; validation refuses any other. */
export const number = builder<number>(cty.NUMBER);
export const bool = builder<boolean>(cty.BOOL);
export const listOf = <V>(element: ValueType<V>): AttributeBuilder<readonly V[]> =>
  builder(cty.list(element.cty));
export const setOf = <V>(element: ValueType<V>): AttributeBuilder<readonly V[]> =>
  builder(cty.set(element.cty));
export const mapOf = <V>(element: ValueType<V>): AttributeBuilder<ReadonlyMap<string, V>> =>
  builder(cty.map(element.cty));
/** An object all of whose attributes are there; each may be null. */
export const objectOf = <T extends Readonly<Record<string, ValueType<unknown>>>>(
  attributes: T,
): AttributeBuilder<{ readonly [K in keyof T]: KnownOf<T[K]> | null }> =>
  builder(
    cty.object(
      Object.fromEntries(Object.entries(attributes).map(([name, type]) => [name, type.cty])),
    ),
  );

/** The TypeScript type of a value type's known values. */
export type KnownOf<T> = T extends ValueType<infer V> ? V : never;
