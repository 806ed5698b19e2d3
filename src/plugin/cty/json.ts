export { decodeJson, type DecodeJsonOptions } from "./json-decode.js";
export { encodeJson } from "./json-encode.js";
