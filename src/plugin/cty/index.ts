export { valuesEqual } from "./equal.js";
export { CtyError } from "./error.js";
export { decodeJson, encodeJson, type DecodeJsonOptions } from "./json.js";
export { decodeMsgpack, encodeMsgpack } from "./msgpack.js";
export * from "./path.js";
export * from "./type.js";
export { typeEquals, typeFromJson, typeToJson, typeToString } from "./type-json.js";
export * from "./value.js";
export { containsUnknown, getAtPath } from "./walk.js";
