import { decodeJson } from "../cty/json.js";
import { decodeMsgpack, encodeMsgpack } from "../cty/msgpack.js";
import type { Type } from "../cty/type.js";
import type { ObjectValue, Value } from "../cty/value.js";
import type { PrivateState } from "../framework/resource.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";

/** @throws CtyError where the bytes are no value of the type. */
export function decodeValue(encoded: wire.DynamicValue | undefined, type: Type): Value {
  if (encoded?.msgpack !== undefined && encoded.msgpack.length > 0) {
    return decodeMsgpack(encoded.msgpack, type);
  }
  if (encoded?.json !== undefined && encoded.json.length > 0) return decodeJson(encoded.json, type);
  return null;
}

/**
 * A config, plan or state: an object, or null where there is none.
 *
 * @throws CtyError where the bytes are no value of the type.
 */
export const decodeObject = (
  encoded: wire.DynamicValue | undefined,
  type: Type,
): ObjectValue | null => decodeValue(encoded, type) as ObjectValue | null;

export const encodeValue = (value: Value, type: Type): wire.DynamicValue => ({
  msgpack: encodeMsgpack(value, type),
});

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
