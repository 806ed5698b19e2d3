import type { Value } from "./value.js";

/** One step from a value to a part of it. */
export type PathStep =
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "element"; readonly value: Value };

/** An attribute path: the steps from the root of a config, plan or state to a value in it. */
export type Path = readonly PathStep[];

export const attributePath = (...names: readonly string[]): Path =>
  names.map((name) => ({ kind: "attribute", name }));
