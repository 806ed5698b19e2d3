import { CtyError, MAX_DEPTH, within } from "./error.js";
import { MsgpackReader, isExtensionHead } from "./msgpack-reader.js";
import type { PathStep } from "./path.js";
import { emptyRecord, shapeOf } from "./shape.js";
import { typeFromJsonText } from "./type-json.js";
import type { ObjectType, Type } from "./type.js";
import {
  Dynamic,
  UNKNOWN,
  Unknown,
  type CtyNumber,
  type Refinements,
  type Value,
} from "./value.js";

const NIL = 0xc0;

/** The extension that holds refinements; any other stands for an unknown value without them. */
const REFINED = 12;

/** cty refuses more, and so does this: a refinement is a hint, not a payload. */
const MAX_REFINEMENT_BYTES = 1024;

/**
 * Decodes a value of a type from msgpack, by the rules of go-cty's `cty/msgpack`.
 *
 * @throws {CtyError} where the bytes hold no such value, with the path to the fault.
 */
export function decodeMsgpack(bytes: Uint8Array, type: Type): Value {
  const reader = new MsgpackReader(bytes);
  const value = readValue(reader, type, 0);
  if (!reader.done) throw new CtyError("one value is required, but more bytes follow it");
  return value;
}

function readValue(reader: MsgpackReader, type: Type, depth: number): Value {
  if (depth > MAX_DEPTH) throw CtyError.tooDeep();
  const head = reader.peek();
  if (isExtensionHead(head)) return readUnknown(reader, type);
  if (head === NIL) {
    reader.position += 1;
    return null;
  }
  switch (type.kind) {
    case "string":
      return reader.readText("a string");
    case "number":
      return reader.readNumber();
    case "bool":
      return reader.readBool();
    case "list":
    case "set": {
      const { element } = type;
      const length = reader.readArrayLength(`a ${type.kind}`);
      return readElements(reader, length, () => element, depth);
    }
    case "tuple": {
      const { elements } = type;
      const length = reader.readArrayLength("a tuple");
      if (length !== elements.length) {
        throw CtyError.expected(
          `a tuple of ${String(elements.length)} elements`,
          `one of ${String(length)}`,
        );
      }
      return readElements(reader, length, (index) => elements[index] as Type, depth);
    }
    case "map":
      return readMap(reader, type.element, depth);
    case "object":
      return readObject(reader, type, depth);
    case "dynamic":
      return readDynamic(reader, depth);
  }
}

function readElements(
  reader: MsgpackReader,
  length: number,
  typeAt: (index: number) => Type,
  depth: number,
): Value {
  const values: Value[] = [];
  try {
    while (values.length < length) {
      values.push(readValue(reader, typeAt(values.length), depth + 1));
    }
  } catch (error) {
    throw within({ kind: "index", index: values.length }, error);
  }
  return values;
}

function readMap(reader: MsgpackReader, element: Type, depth: number): Value {
  const length = reader.readMapLength("a map");
  const values = new Map<string, Value>();
  for (let count = 0; count < length; count++) {
    const key = reader.readText("a map key that is a string");
    try {
      values.set(key, readValue(reader, element, depth + 1));
    } catch (error) {
      throw within({ kind: "key", key }, error);
    }
  }
  return values;
}

function readObject(reader: MsgpackReader, type: ObjectType, depth: number): Value {
  const { attributes, byName } = shapeOf(type);
  const length = reader.readMapLength("an object");
  if (length !== attributes.length) {
    throw CtyError.expected(
      `an object with ${String(attributes.length)} attributes`,
      `one with ${String(length)}`,
    );
  }
  const values = emptyRecord<Value>();
  let step: PathStep | undefined;
  try {
    for (const expected of attributes) {
      step = undefined;
      // The host sends them in order of name, so most names need not become strings.
      const attribute = reader.skipText(expected.utf8)
        ? expected
        : byName.get(reader.readText("an attribute name"));
      if (!attribute) throw new CtyError("the object has an attribute that its type does not have");
      const { name } = attribute;
      step = { kind: "attribute", name };
      if (name in values) throw new CtyError("the attribute is given twice");
      values[name] = readValue(reader, attribute.type, depth + 1);
    }
  } catch (error) {
    throw step ? within(step, error) : error;
  }
  return values;
}

function readDynamic(reader: MsgpackReader, depth: number): Value {
  if (reader.readArrayLength("a dynamic value") !== 2) {
    throw new CtyError("a dynamic value is required, but an array not of two elements was found");
  }
  const type = typeFromJsonText(reader.readText("a type"));
  const value = readValue(reader, type, depth + 1);
  return type.kind === "dynamic" ? value : new Dynamic(type, value);
}

function readUnknown(reader: MsgpackReader, type: Type): Value {
  const extension = reader.readExtension();
  if (extension.type !== REFINED) {
    if (extension.type === 0 || extension.body.length <= 1) return UNKNOWN;
    throw CtyError.expected("an unknown value", "another extension");
  }
  if (extension.body.length <= 1 || type.kind === "dynamic") return UNKNOWN;
  if (extension.body.length > MAX_REFINEMENT_BYTES) {
    throw new CtyError("the refinements of the unknown value are too large");
  }
  return readRefinements(new MsgpackReader(extension.body), type);
}

/** Bytes after the map are left alone, as cty reserves them. */
function readRefinements(reader: MsgpackReader, type: Type): Value {
  const found: { -readonly [K in keyof Refinements]: Refinements[K] } = {};
  let isNull = false;
  const count = reader.readMapLength("a map of refinements");
  for (let entry = 0; entry < count; entry++) {
    const key = reader.readNumber();
    const isLength = type.kind === "list" || type.kind === "set" || type.kind === "map";
    if (
      (key === 2 && type.kind !== "string") ||
      ((key === 3 || key === 4) && type.kind !== "number") ||
      ((key === 5 || key === 6) && !isLength)
    ) {
      throw new CtyError(`the unknown value has a refinement that a ${type.kind} cannot have`);
    }
    switch (key) {
      case 1:
        isNull = reader.readBool();
        found.notNull = !isNull;
        break;
      case 2:
        found.stringPrefix = reader.readText("a string prefix");
        break;
      case 3:
        found.numberMin = readBound(reader);
        break;
      case 4:
        found.numberMax = readBound(reader);
        break;
      case 5:
        found.lengthMin = readLengthBound(reader);
        break;
      case 6:
        found.lengthMax = readLengthBound(reader);
        break;
      default:
        reader.skip();
    }
  }
  if (isNull) return null;
  return Object.keys(found).length === 0 ? UNKNOWN : new Unknown(found);
}

function readBound(reader: MsgpackReader): { value: CtyNumber; inclusive: boolean } {
  if (reader.readArrayLength("a bound") !== 2) {
    throw CtyError.expected("a bound", "an array not of two elements");
  }
  return { value: reader.readNumber(), inclusive: reader.readBool() };
}

function readLengthBound(reader: MsgpackReader): number {
  const bound = reader.readNumber();
  if (typeof bound !== "number" || !Number.isSafeInteger(bound) || bound < 0) {
    throw CtyError.expected("a length", "another number");
  }
  return bound;
}
