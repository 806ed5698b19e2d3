import { CtyError, MAX_DEPTH, within } from "./error.js";
import { isInfinite, numberToText } from "./number.js";
import { isWellFormed, shapeOf, sortByCodePoint } from "./shape.js";
import { typeToJson } from "./type-json.js";
import type { ObjectType, Type } from "./type.js";
import {
  Decimal,
  Dynamic,
  Unknown,
  isArrayValue,
  isMapValue,
  isObjectValue,
  kindOf,
  type Value,
} from "./value.js";

/**
 * Encodes a value of a type as JSON, by the rules of go-cty's `cty/json`: as it stands in a state.
 *
 * @throws {CtyError} where the value is not of the type, is unknown or infinite in some part, with
 * the path to the fault.
 */
export function encodeJson(value: Value, type: Type): Uint8Array {
  return Buffer.from(jsonOf(value, type, 0));
}

function jsonOf(value: Value, type: Type, depth: number): string {
  if (depth > MAX_DEPTH) throw CtyError.tooDeep();
  if (value === null) return "null";
  if (value instanceof Unknown) throw mismatch("a known value", value);
  switch (type.kind) {
    case "string":
      if (typeof value !== "string") throw mismatch("a string", value);
      return jsonOfText(value);
    case "bool":
      if (typeof value !== "boolean") throw mismatch("a bool", value);
      return String(value);
    case "number":
      if (typeof value !== "number" && typeof value !== "bigint" && !(value instanceof Decimal)) {
        throw mismatch("a number", value);
      }
      if (isInfinite(value)) throw CtyError.expected("a finite number", "an infinite one");
      return numberToText(value);
    case "list":
    case "set": {
      if (!isArrayValue(value)) throw mismatch(`a ${type.kind}`, value);
      const { element } = type;
      return jsonOfElements(value, () => element, depth);
    }
    case "tuple": {
      if (!isArrayValue(value)) throw mismatch("a tuple", value);
      const { elements } = type;
      if (value.length !== elements.length) {
        throw CtyError.expected(
          `a tuple of ${String(elements.length)} elements`,
          `one of ${String(value.length)}`,
        );
      }
      return jsonOfElements(value, (index) => elements[index] as Type, depth);
    }
    case "map":
      if (!isMapValue(value)) throw mismatch("a map", value);
      return jsonOfMap(value, type.element, depth);
    case "object":
      return jsonOfObject(value, type, depth);
    case "dynamic":
      if (!(value instanceof Dynamic)) throw mismatch("a dynamic value", value);
      return jsonOfDynamic(value, depth);
  }
}

function jsonOfText(text: string): string {
  if (!isWellFormed(text)) throw CtyError.expected("Unicode text", "half a surrogate pair");
  return JSON.stringify(text);
}

function jsonOfElements(
  values: readonly Value[],
  typeAt: (index: number) => Type,
  depth: number,
): string {
  const elements = values.map((value, index) => {
    try {
      return jsonOf(value, typeAt(index), depth + 1);
    } catch (error) {
      throw within({ kind: "index", index }, error);
    }
  });
  return `[${elements.join(",")}]`;
}

function jsonOfMap(values: ReadonlyMap<string, Value>, element: Type, depth: number): string {
  const members = sortByCodePoint([...values.keys()]).map((key) => {
    const name = jsonOfText(key);
    try {
      return `${name}:${jsonOf(values.get(key) as Value, element, depth + 1)}`;
    } catch (error) {
      throw within({ kind: "key", key }, error);
    }
  });
  return `{${members.join(",")}}`;
}

function jsonOfObject(value: Value, type: ObjectType, depth: number): string {
  if (!isObjectValue(value)) throw mismatch("an object", value);
  const { attributes } = shapeOf(type);
  const members = attributes.map(({ name, type: attributeType }) => {
    try {
      if (!Object.hasOwn(value, name)) throw new CtyError("the attribute is missing");
      return `${JSON.stringify(name)}:${jsonOf(value[name] as Value, attributeType, depth + 1)}`;
    } catch (error) {
      throw within({ kind: "attribute", name }, error);
    }
  });
  if (Object.keys(value).length !== attributes.length) {
    throw new CtyError("the object has an attribute that its type does not have");
  }
  return `{${members.join(",")}}`;
}

function jsonOfDynamic({ type, value }: Dynamic, depth: number): string {
  const json = jsonOf(value, type, depth + 1);
  // cty knows no value that is of dynamic type once it is known.
  if (type.kind === "dynamic") return json;
  return `{"value":${json},"type":${JSON.stringify(typeToJson(type))}}`;
}

const mismatch = (wanted: string, value: Value): CtyError =>
  CtyError.expected(wanted, kindOf(value));
