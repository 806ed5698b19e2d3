/**
 * The types of cty, the value system of Terraform and OpenTofu, as far as schemas here declare
 * them: tuples and values of dynamic type are left out.
 *
 * A type is data. Values are plain JavaScript (see `value.ts`) and do not carry their type; whoever
 * holds a value also holds its type.
 */
export type Type = PrimitiveType | CollectionType | ObjectType;

export interface PrimitiveType {
  readonly kind: "string" | "number" | "bool";
}

export interface CollectionType {
  readonly kind: "list" | "set" | "map";
  readonly element: Type;
}

export interface ObjectType {
  readonly kind: "object";
  readonly attributes: Readonly<Record<string, Type>>;
}

export const STRING: PrimitiveType = { kind: "string" };
export const NUMBER: PrimitiveType = { kind: "number" };
export const BOOL: PrimitiveType = { kind: "bool" };

export const list = (element: Type): CollectionType => ({ kind: "list", element });
export const set = (element: Type): CollectionType => ({ kind: "set", element });
export const map = (element: Type): CollectionType => ({ kind: "map", element });
export const object = (attributes: Readonly<Record<string, Type>>): ObjectType => ({
  kind: "object",
  attributes,
});

/** A type as an error names it: `a string`, `an object`. */
export const describeType = ({ kind }: Type): string => `${kind === "object" ? "an" : "a"} ${kind}`;

/** The attributes in order of name, which is cty's own order. */
export const sortedAttributes = ({ attributes }: ObjectType): [string, Type][] =>
  Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
