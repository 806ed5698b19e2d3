import { CtyError, MAX_DEPTH, within } from "./error.js";
import { MsgpackWriter } from "./msgpack-writer.js";
import { floatFromText, isInfinite, numberToText } from "./number.js";
import type { PathStep } from "./path.js";
import { shapeOf, sortByCodePoint } from "./shape.js";
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
  type CtyNumber,
  type Refinements,
  type Value,
} from "./value.js";

/** cty's own limit for a prefix, so that all refinements together stay below 1 KiB. */
const MAX_PREFIX_BYTES = 256;

/**
 * Encodes a value of a type as msgpack, byte for byte as go-cty's `cty/msgpack` does. Of an unknown
 * value's refinements, those that its type can have are written. A set keeps the order it has here.
 *
 * @throws {CtyError} where the value is not of the type, with the path to the fault.
 */
export function encodeMsgpack(value: Value, type: Type): Uint8Array {
  const writer = new MsgpackWriter();
  writeValue(writer, value, type, 0);
  return writer.finish();
}

function writeValue(writer: MsgpackWriter, value: Value, type: Type, depth: number): void {
  if (depth > MAX_DEPTH) throw CtyError.tooDeep();
  if (value === null) {
    writer.nil();
    return;
  }
  if (value instanceof Unknown) {
    writeUnknown(writer, value.refinements, type);
    return;
  }
  switch (type.kind) {
    case "string":
      if (typeof value !== "string") throw mismatch("a string", value);
      writer.text(value);
      return;
    case "bool":
      if (typeof value !== "boolean") throw mismatch("a bool", value);
      writer.bool(value);
      return;
    case "number":
      if (typeof value !== "number" && typeof value !== "bigint" && !(value instanceof Decimal)) {
        throw mismatch("a number", value);
      }
      writeNumber(writer, value);
      return;
    case "list":
    case "set": {
      if (!isArrayValue(value)) throw mismatch(`a ${type.kind}`, value);
      const { element } = type;
      writeElements(writer, value, () => element, depth);
      return;
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
      writeElements(writer, value, (index) => elements[index] as Type, depth);
      return;
    }
    case "map":
      if (!isMapValue(value)) throw mismatch("a map", value);
      writeMap(writer, value, type.element, depth);
      return;
    case "object":
      writeObject(writer, value, type, depth);
      return;
    case "dynamic":
      if (!(value instanceof Dynamic)) throw mismatch("a dynamic value", value);
      writeDynamic(writer, value, depth);
  }
}

function writeNumber(writer: MsgpackWriter, number: CtyNumber): void {
  if (typeof number === "number" && Number.isSafeInteger(number)) {
    writer.integer(number);
    return;
  }
  if (isInfinite(number)) {
    writer.float64(number as number);
    return;
  }
  const text = numberToText(number);
  if (!text.includes(".") && !text.includes("e")) {
    const integer = BigInt(text);
    if (BigInt.asIntN(54, integer) === integer) writer.integer(Number(integer));
    else if (BigInt.asIntN(64, integer) === integer) writer.int64(integer);
    else writer.text(text);
    return;
  }
  const float = floatFromText(text, typeof number === "number");
  if (float === undefined) writer.text(text);
  else writer.float64(float);
}

function writeElements(
  writer: MsgpackWriter,
  values: readonly Value[],
  typeAt: (index: number) => Type,
  depth: number,
): void {
  writer.arrayHead(values.length);
  let index = 0;
  try {
    for (; index < values.length; index++) {
      writeValue(writer, values[index] as Value, typeAt(index), depth + 1);
    }
  } catch (error) {
    throw within({ kind: "index", index }, error);
  }
}

function writeMap(
  writer: MsgpackWriter,
  values: ReadonlyMap<string, Value>,
  element: Type,
  depth: number,
): void {
  writer.mapHead(values.size);
  for (const key of sortByCodePoint([...values.keys()])) {
    writer.text(key);
    try {
      writeValue(writer, values.get(key) as Value, element, depth + 1);
    } catch (error) {
      throw within({ kind: "key", key }, error);
    }
  }
}

function writeObject(writer: MsgpackWriter, value: Value, type: ObjectType, depth: number): void {
  if (!isObjectValue(value)) throw mismatch("an object", value);
  const { attributes } = shapeOf(type);
  writer.mapHead(attributes.length);
  let step: PathStep | undefined;
  try {
    for (const { name, type: attributeType, utf8 } of attributes) {
      step = { kind: "attribute", name };
      if (!Object.hasOwn(value, name)) throw new CtyError("the attribute is missing");
      writer.utf8(utf8);
      writeValue(writer, value[name] as Value, attributeType, depth + 1);
    }
  } catch (error) {
    throw step ? within(step, error) : error;
  }
  if (Object.keys(value).length !== attributes.length) {
    throw new CtyError("the object has an attribute that its type does not have");
  }
}

function writeDynamic(writer: MsgpackWriter, { type, value }: Dynamic, depth: number): void {
  // cty knows no value that is of dynamic type once it is known.
  if (type.kind !== "dynamic") {
    writer.arrayHead(2);
    writer.binary(Buffer.from(JSON.stringify(typeToJson(type))));
  }
  writeValue(writer, value, type, depth + 1);
}

function writeUnknown(
  writer: MsgpackWriter,
  refinements: Refinements | undefined,
  type: Type,
): void {
  const entries = refinements ? refinementEntries(refinements, type) : [];
  if (entries.length === 0) {
    writer.extension(0, Uint8Array.of(0));
    return;
  }
  const body = new MsgpackWriter();
  body.mapHead(entries.length);
  for (const write of entries) write(body);
  writer.extension(12, body.finish());
}

function refinementEntries(
  refinements: Refinements,
  type: Type,
): ((body: MsgpackWriter) => void)[] {
  const entries: ((body: MsgpackWriter) => void)[] = [];
  const entry = (key: number, write: (body: MsgpackWriter) => void): void => {
    entries.push((body) => {
      body.integer(key);
      write(body);
    });
  };
  const { notNull, stringPrefix, numberMin, numberMax, lengthMin, lengthMax } = refinements;
  if (type.kind === "dynamic") return entries;
  if (notNull === true) entry(1, (body) => body.bool(false));
  switch (type.kind) {
    case "string":
      if (stringPrefix) entry(2, (body) => body.utf8(shortened(stringPrefix)));
      break;
    case "number":
      if (numberMin && !isInfinite(numberMin.value))
        entry(3, (body) => writeBound(body, numberMin));
      if (numberMax && !isInfinite(numberMax.value))
        entry(4, (body) => writeBound(body, numberMax));
      break;
    case "list":
    case "set":
    case "map":
      if (lengthMin) entry(5, (body) => body.integer(lengthMin));
      if (lengthMax !== undefined) entry(6, (body) => body.integer(lengthMax));
      break;
    default:
  }
  return entries;
}

function writeBound(
  body: MsgpackWriter,
  bound: { readonly value: CtyNumber; readonly inclusive: boolean },
): void {
  body.arrayHead(2);
  writeNumber(body, bound.value);
  body.bool(bound.inclusive);
}

/** The prefix, or as much of it as stays whole characters within the limit: that is true as well. */
function shortened(prefix: string): Uint8Array {
  const utf8 = Buffer.from(prefix);
  if (utf8.length <= MAX_PREFIX_BYTES) return utf8;
  let end = MAX_PREFIX_BYTES;
  while (((utf8[end] as number) & 0xc0) === 0x80) end -= 1;
  return utf8.subarray(0, end);
}

const mismatch = (wanted: string, value: Value): CtyError =>
  CtyError.expected(wanted, kindOf(value));
