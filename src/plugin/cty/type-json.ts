import { CtyError, MAX_DEPTH } from "./error.js";
import { BOOL, DYNAMIC, NUMBER, STRING, type Type } from "./type.js";

/** A type in cty's JSON syntax: `"string"`, `["list","string"]`, `["object",{"id":"string"}]`. */
export function typeToJson(type: Type): unknown {
  switch (type.kind) {
    case "string":
    case "number":
    case "bool":
    case "dynamic":
      return type.kind;
    case "list":
    case "set":
    case "map":
      return [type.kind, typeToJson(type.element)];
    case "object": {
      const attributes = Object.create(null) as Record<string, unknown>;
      // Sorted, as cty writes them: the text of a type is then the same everywhere.
      for (const name of Object.keys(type.attributes).sort()) {
        attributes[name] = typeToJson(type.attributes[name] as Type);
      }
      return [type.kind, attributes];
    }
    case "tuple":
      return [type.kind, type.elements.map(typeToJson)];
  }
}

/**
 * The type that parsed JSON describes. The list of optional attributes, which a third member of an
 * object type may hold, is checked and left out: values have no optional attributes.
 *
 * @throws {CtyError} where the JSON describes no type.
 */
export function typeFromJson(json: unknown, depth = 0): Type {
  if (depth > MAX_DEPTH) throw CtyError.tooDeep();
  if (typeof json === "string") return primitiveType(json);
  if (!Array.isArray(json)) throw invalidType();
  const [kind, detail, optional] = json as unknown[];
  if (json.length !== 2 && !(kind === "object" && json.length === 3)) throw invalidType();
  switch (kind) {
    case "list":
    case "set":
    case "map":
      return { kind, element: typeFromJson(detail, depth + 1) };
    case "tuple":
      if (!Array.isArray(detail)) throw invalidType();
      return { kind, elements: detail.map((element) => typeFromJson(element, depth + 1)) };
    case "object": {
      if (typeof detail !== "object" || detail === null || Array.isArray(detail)) {
        throw invalidType();
      }
      const attributes = Object.create(null) as Record<string, Type>;
      for (const [name, type] of Object.entries(detail)) {
        attributes[name] = typeFromJson(type, depth + 1);
      }
      if (json.length === 3 && !isListOfNames(optional, attributes)) throw invalidType();
      return { kind, attributes };
    }
    default:
      throw invalidType();
  }
}

/** @throws {CtyError} where the text is no JSON or describes no type. */
export function typeFromJsonText(text: string): Type {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw invalidType();
  }
  return typeFromJson(json);
}

export function typeEquals(a: Type, b: Type): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "string":
    case "number":
    case "bool":
    case "dynamic":
      return a.kind === b.kind;
    case "list":
    case "set":
    case "map":
      return a.kind === b.kind && typeEquals(a.element, b.element);
    case "tuple":
      return (
        b.kind === "tuple" &&
        a.elements.length === b.elements.length &&
        a.elements.every((element, index) => typeEquals(element, b.elements[index] as Type))
      );
    case "object": {
      if (b.kind !== "object") return false;
      const names = Object.keys(a.attributes);
      return (
        names.length === Object.keys(b.attributes).length &&
        names.every(
          (name) =>
            Object.hasOwn(b.attributes, name) &&
            typeEquals(a.attributes[name] as Type, b.attributes[name] as Type),
        )
      );
    }
  }
}

/** A type as Terraform names it to a practitioner: `list of string`, `object`. */
export function typeToString(type: Type): string {
  switch (type.kind) {
    case "list":
    case "set":
    case "map":
      return `${type.kind} of ${typeToString(type.element)}`;
    default:
      return type.kind;
  }
}

function primitiveType(name: string): Type {
  switch (name) {
    case "string":
      return STRING;
    case "number":
      return NUMBER;
    case "bool":
      return BOOL;
    case "dynamic":
      return DYNAMIC;
    default:
      throw invalidType();
  }
}

const isListOfNames = (names: unknown, attributes: Record<string, Type>): boolean =>
  Array.isArray(names) &&
  names.every((name) => typeof name === "string" && Object.hasOwn(attributes, name));

const invalidType = (): CtyError => new CtyError("a type in cty's JSON syntax is required");
