/** One step from a value to a part of it. */
export type PathStep =
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "index"; readonly index: number }
  /** An element of a set, by its place in the host's order, which is alphabetical. */
  | { readonly kind: "element"; readonly index: number };

/** An attribute path: the steps from the root of a config, plan or state to a value in it. */
export type Path = readonly PathStep[];

export const attributePath = (...names: readonly string[]): Path =>
  names.map((name) => ({ kind: "attribute", name }));

/** A path as Terraform writes it: `rotation_triggers["a"]`, `list[0].name`. */
export function pathToString(path: Path): string {
  return path
    .map((step, position) => {
      switch (step.kind) {
        case "attribute":
          return position === 0 ? step.name : `.${step.name}`;
        case "key":
          return `[${JSON.stringify(step.key)}]`;
        case "index":
        case "element":
          return `[${String(step.index)}]`;
      }
    })
    .join("");
}
