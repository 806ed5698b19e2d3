import { CtyError, at } from "./error.js";
import { MsgpackWriter } from "./msgpack-writer.js";
import { describeType, sortedAttributes, type ObjectType, type Type } from "./type.js";
import {
  Unknown,
  describeValue,
  isArrayValue,
  isMapValue,
  isObjectValue,
  type ObjectValue,
  type Value,
} from "./value.js";

/**
 * Encodes a value of a type as msgpack that go-cty's `cty/msgpack` reads as the same value. A set
 * keeps the order it has here.
 *
 * @throws {CtyError} if the value is not of the type, with the path to the fault.
 */
export function encodeMsgpack(value: Value, type: Type): Uint8Array {
  const writer = new MsgpackWriter();
  writeValue(writer, value, type);
  return writer.finish();
}

function writeValue(writer: MsgpackWriter, value: Value, type: Type): void {
  const { kind } = type;
  if (value === null) writer.null();
  else if (value instanceof Unknown) writer.unknown();
  else if (kind === "string" && typeof value === "string") writer.text(value);
  else if (kind === "bool" && typeof value === "boolean") writer.bool(value);
  else if (kind === "number" && typeof value === "number") writeNumber(writer, value);
  else if ((kind === "list" || kind === "set") && isArrayValue(value)) {
    writeElements(writer, value, type.element);
  } else if (kind === "map" && isMapValue(value)) writeMap(writer, value, type.element);
  else if (kind === "object" && isObjectValue(value)) writeObject(writer, value, type);
  else throw CtyError.expected(describeType(type), describeValue(value));
}

/**
 * A fraction travels as decimal text, which cty reads with as many bits as the 0.1 of a config; the
 * float64 next to 0.1 is another number.
 */
function writeNumber(writer: MsgpackWriter, number: number): void {
  if (!Number.isFinite(number)) throw new CtyError("a finite number is required");
  if (Number.isSafeInteger(number)) writer.integer(number);
  else writer.text(String(number));
}

function writeElements(writer: MsgpackWriter, values: readonly Value[], element: Type): void {
  writer.arrayHead(values.length);
  values.forEach((value, index) => {
    at({ kind: "index", index }, () => writeValue(writer, value, element));
  });
}

function writeMap(writer: MsgpackWriter, values: ReadonlyMap<string, Value>, element: Type): void {
  writer.mapHead(values.size);
  for (const key of [...values.keys()].sort()) {
    at({ kind: "key", key }, () => {
      writer.text(key);
      writeValue(writer, values.get(key) as Value, element);
    });
  }
}

function writeObject(writer: MsgpackWriter, values: ObjectValue, type: ObjectType): void {
  const attributes = sortedAttributes(type);
  writer.mapHead(attributes.length);
  for (const [name, attribute] of attributes) {
    at({ kind: "attribute", name }, () => {
      if (!Object.hasOwn(values, name)) throw new CtyError("the attribute is missing");
      writer.text(name);
      writeValue(writer, values[name] as Value, attribute);
    });
  }
  if (Object.keys(values).length !== attributes.length) {
    throw new CtyError("the object has an attribute that its type does not have");
  }
}
