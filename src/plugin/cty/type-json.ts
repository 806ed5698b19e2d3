import { sortedAttributes, type Type } from "./type.js";

/** A type in cty's JSON syntax: `"string"`, `["list","string"]`, `["object",{"id":"string"}]`. */
export function typeToJson(type: Type): unknown {
  switch (type.kind) {
    case "string":
    case "number":
    case "bool":
      return type.kind;
    case "list":
    case "set":
    case "map":
      return [type.kind, typeToJson(type.element)];
    case "object":
      return [
        type.kind,
        Object.fromEntries(
          sortedAttributes(type).map(([name, attribute]) => [name, typeToJson(attribute)]),
        ),
      ];
  }
}
