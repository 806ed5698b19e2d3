import { isUtf8 } from "node:buffer";
import { CtyError, at } from "./error.js";
import { exactNumber, numberFromText } from "./number.js";
import { describeType, type ObjectType, type Type } from "./type.js";
import { describeValue, type Value } from "./value.js";

export interface DecodeJsonOptions {
  /**
   * For a state that an earlier version of the schema wrote: attributes that the type does not
   * have are passed over, and those that are missing become null.
   */
  readonly lenient?: boolean;
}

/**
 * Decodes a value of a type from JSON as it stands in a state, by the rules of go-cty's `cty/json`:
 * a string, number and bool may stand for one another if the text allows it.
 *
 * @throws {CtyError} if the bytes hold no such value, with the path to the fault.
 */
export const decodeJson = (
  bytes: Uint8Array,
  type: Type,
  { lenient = false }: DecodeJsonOptions = {},
): Value => fromJson(parse(bytes), type, lenient);

/**
 * A stored state as its JSON has it, before the type of its values is known.
 *
 * @throws {CtyError} if the bytes hold no JSON object
 */
export function jsonObject(bytes: Uint8Array): JsonObject {
  const json = parse(bytes);
  if (!isRecord(json)) throw CtyError.expected("an object", describeValue(json));
  return json;
}

function parse(bytes: Uint8Array): unknown {
  const invalid = new CtyError("JSON in UTF-8 is required, but other bytes were found");
  if (!isUtf8(bytes)) throw invalid;
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    throw invalid;
  }
}

function fromJson(json: unknown, type: Type, lenient: boolean): Value {
  if (json === null) return null;
  switch (type.kind) {
    case "string":
      if (typeof json === "string") return wellFormed(json);
      if (typeof json === "number" || typeof json === "boolean") return String(json);
      break;
    case "number":
      if (typeof json === "number") return exactNumber(json);
      if (typeof json === "string") return numberFromText(json);
      break;
    case "bool":
      if (json === true || json === "true" || json === "1") return true;
      if (json === false || json === "false" || json === "0") return false;
      break;
    case "list":
    case "set":
      if (!Array.isArray(json)) break;
      return json.map((element, index) =>
        at({ kind: "index", index }, () => fromJson(element, type.element, lenient)),
      );
    case "map":
      if (!isRecord(json)) break;
      return new Map(
        Object.entries(json).map(([key, element]) => [
          wellFormed(key),
          at({ kind: "key", key }, () => fromJson(element, type.element, lenient)),
        ]),
      );
    case "object":
      if (!isRecord(json)) break;
      return objectFromJson(json, type, lenient);
  }
  throw CtyError.expected(describeType(type), describeValue(json));
}

function objectFromJson(json: JsonObject, { attributes }: ObjectType, lenient: boolean): Value {
  const surplus = Object.keys(json).some((name) => !Object.hasOwn(attributes, name));
  if (surplus && !lenient) {
    throw new CtyError("the object has an attribute that its type does not have");
  }
  return Object.fromEntries(
    Object.entries(attributes).map(([name, type]) => [
      name,
      at({ kind: "attribute", name }, () => {
        if (Object.hasOwn(json, name)) return fromJson(json[name], type, lenient);
        if (lenient) return null;
        throw new CtyError("the attribute is missing");
      }),
    ]),
  );
}

type JsonObject = Readonly<Record<string, unknown>>;

const isRecord = (json: unknown): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** Half a surrogate pair becomes U+FFFD, as in Go's decoder: it has no UTF-8. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");
