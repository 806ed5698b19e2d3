import { decodeJson } from "../cty/json.js";
import { decodeMsgpack, encodeMsgpack } from "../cty/msgpack.js";
import type { Type } from "../cty/type.js";
import {
  isArrayValue,
  isMapValue,
  isObjectValue,
  type ObjectValue,
  type Value,
} from "../cty/value.js";
import type { PrivateState } from "../framework/resource.js";
import { redact } from "../logging/redaction.js";
import type { SchemaDefinition } from "../schema/define.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";

/** @throws CtyError where the bytes are no value of the type. */
export function decodeValue(encoded: wire.DynamicValue | undefined, type: Type): Value {
  if (encoded?.msgpack !== undefined && encoded.msgpack.length > 0) {
    return decodeMsgpack(encoded.msgpack, type);
  }
  if (encoded?.json !== undefined && encoded.json.length > 0) return decodeJson(encoded.json, type);
  return null;
}

export const encodeValue = (value: Value, type: Type): wire.DynamicValue => ({
  msgpack: encodeMsgpack(value, type),
});

/**
 * A config, plan or state: an object, or null where there is none.
 *
 * @throws CtyError where the bytes are no value of the type.
 */
export function decodeObject(
  encoded: wire.DynamicValue | undefined,
  schema: SchemaDefinition,
): ObjectValue | null {
  const object = decodeValue(encoded, schema.type) as ObjectValue | null;
  redactSensitive(object, schema);
  return object;
}

/** A plan or state on its way to the host. */
export function encodeObject(
  object: ObjectValue | null,
  schema: SchemaDefinition,
): wire.DynamicValue {
  redactSensitive(object, schema);
  return encodeValue(object, schema.type);
}

/** From now on no log line and no diagnostic shows what sensitive attributes hold. */
function redactSensitive(object: ObjectValue | null, { attributes }: SchemaDefinition): void {
  for (const [name, { options }] of Object.entries(attributes)) {
    if (options.sensitive === true) redactStrings(object?.[name] ?? null);
  }
}

/** Keys of maps are names, not secrets. */
function redactStrings(value: Value): void {
  if (typeof value === "string") redact(value);
  else if (isArrayValue(value)) value.forEach(redactStrings);
  else if (isMapValue(value)) value.forEach(redactStrings);
  else if (isObjectValue(value)) Object.values(value).forEach(redactStrings);
}

/** Bytes that this provider did not write are taken as nothing. */
export function decodePrivate(bytes: Uint8Array | undefined): PrivateState {
  if (bytes === undefined || bytes.length === 0) return {};
  try {
    const decoded: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof decoded === "object" && decoded !== null ? (decoded as PrivateState) : {};
  } catch {
    return {};
  }
}

export const encodePrivate = (privateState: PrivateState): Uint8Array =>
  Object.keys(privateState).length === 0
    ? new Uint8Array()
    : Buffer.from(JSON.stringify(privateState), "utf8");
