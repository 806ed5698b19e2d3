/**
 * The types of cty, the value system of Terraform and OpenTofu.
 *
 * A type is data: it is compared, printed and sent as JSON. Values are plain JavaScript (see
 * `value.ts`) and do not carry their type; whoever holds a value also holds its type.
 */
export type Type = PrimitiveType | DynamicType | CollectionType | ObjectType | TupleType;

export interface PrimitiveType {
  readonly kind: "string" | "number" | "bool";
}

/** The type of a value whose type is only known with the value itself. */
export interface DynamicType {
  readonly kind: "dynamic";
}

export interface CollectionType {
  readonly kind: "list" | "set" | "map";
  readonly element: Type;
}

export interface ObjectType {
  readonly kind: "object";
  readonly attributes: Readonly<Record<string, Type>>;
}

export interface TupleType {
  readonly kind: "tuple";
  readonly elements: readonly Type[];
}

export const STRING: PrimitiveType = { kind: "string" };
export const NUMBER: PrimitiveType = { kind: "number" };
export const BOOL: PrimitiveType = { kind: "bool" };
export const DYNAMIC: DynamicType = { kind: "dynamic" };

export const list = (element: Type): CollectionType => ({ kind: "list", element });
export const set = (element: Type): CollectionType => ({ kind: "set", element });
export const map = (element: Type): CollectionType => ({ kind: "map", element });
export const object = (attributes: Readonly<Record<string, Type>>): ObjectType => ({
  kind: "object",
  attributes,
});
export const tuple = (elements: readonly Type[]): TupleType => ({ kind: "tuple", elements });
