import { CtyError, at } from "./error.js";
import { MsgpackReader, type Item } from "./msgpack-reader.js";
import { exactNumber, numberFromText } from "./number.js";
import { describeType, type ObjectType, type Type } from "./type.js";
import { UNKNOWN, type Value } from "./value.js";

/** The extensions that stand for unknown values: without and with refinements. */
const UNKNOWN_EXTENSIONS = [0, 12];

/**
 * Decodes a value of a type from msgpack, by the rules of go-cty's `cty/msgpack`.
 *
 * @throws {CtyError} if the bytes hold no such value, with the path to the fault.
 */
export function decodeMsgpack(bytes: Uint8Array, type: Type): Value {
  const reader = new MsgpackReader(bytes);
  const value = readValue(reader, type);
  if (!reader.done) throw new CtyError("one value is required, but more bytes follow it");
  return value;
}

function readValue(reader: MsgpackReader, type: Type): Value {
  const item = reader.next();
  if (item.kind === "null") return null;
  if (item.kind === "extension") return unknownOf(item);
  switch (type.kind) {
    case "string":
      if (item.kind === "string") return item.value;
      break;
    case "number":
      if (item.kind === "number") return exactNumber(item.value);
      // Text holds a number that msgpack's own kinds do not hold exactly, such as 0.1.
      if (item.kind === "string") return numberFromText(item.value);
      break;
    case "bool":
      if (item.kind === "bool") return item.value;
      break;
    case "list":
    case "set":
      if (item.kind !== "array") break;
      return Array.from({ length: item.length }, (_, index) =>
        at({ kind: "index", index }, () => readValue(reader, type.element)),
      );
    case "map":
      if (item.kind === "map") return readMap(reader, item.length, type.element);
      break;
    case "object":
      if (item.kind === "map") return readObject(reader, item.length, type);
  }
  throw CtyError.expected(describeType(type), describeItem(item));
}

function unknownOf({ type, length }: { readonly type: number; readonly length: number }): Value {
  // go-cty takes any extension for an unknown value if it has next to no body.
  if (UNKNOWN_EXTENSIONS.includes(type) || length <= 1) return UNKNOWN;
  throw CtyError.expected("an unknown value", "another extension");
}

function readMap(reader: MsgpackReader, length: number, element: Type): Value {
  const values = new Map<string, Value>();
  for (let count = 0; count < length; count++) {
    const key = readName(reader, "a map key that is a string");
    values.set(
      key,
      at({ kind: "key", key }, () => readValue(reader, element)),
    );
  }
  return values;
}

function readObject(reader: MsgpackReader, length: number, { attributes }: ObjectType): Value {
  const size = Object.keys(attributes).length;
  if (length !== size) {
    throw CtyError.expected(`an object with ${size} attributes`, `one with ${length}`);
  }
  const values = new Map<string, Value>();
  for (let count = 0; count < length; count++) {
    const name = readName(reader, "an attribute name");
    if (!Object.hasOwn(attributes, name)) {
      throw new CtyError("the object has an attribute that its type does not have");
    }
    const value = at({ kind: "attribute", name }, () => {
      if (values.has(name)) throw new CtyError("the attribute is given twice");
      return readValue(reader, attributes[name] as Type);
    });
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

function readName(reader: MsgpackReader, wanted: string): string {
  const item = reader.next();
  if (item.kind === "string") return item.value;
  throw CtyError.expected(wanted, describeItem(item));
}

const describeItem = ({ kind }: Item): string =>
  kind === "null" ? kind : `${kind === "array" || kind === "extension" ? "an" : "a"} ${kind}`;
