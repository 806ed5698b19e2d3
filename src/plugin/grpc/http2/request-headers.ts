import type { Header } from "./hpack.js";
import { ErrorCode, StreamError } from "./http2-error.js";

/** By lower-case name; values of a name that comes twice are joined by a comma. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

const PSEUDO = new Set([":method", ":scheme", ":path", ":authority"]);
/** RFC 9113, 8.2.2. */
const OF_A_CONNECTION = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);
/** A token of RFC 9110, 5.6.2, in lower case. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_VALUE = /[\x00\r\n]/;

/** @throws StreamError for what is no request (RFC 9113, 8.2 and 8.3) */
export function readRequestHeaders(headers: readonly Header[]): RequestHeaders {
  const read: Record<string, string | undefined> = Object.create(null) as Record<string, string>;
  let regular = false;
  for (const [name, value] of headers) {
    if (name.startsWith(":")) {
      if (regular || !PSEUDO.has(name) || read[name] !== undefined) throw malformed();
    } else {
      regular = true;
      if (!NAME.test(name) || OF_A_CONNECTION.has(name)) throw malformed();
      if (name === "te" && value !== "trailers") throw malformed();
    }
    if (FORBIDDEN_IN_VALUE.test(value)) throw malformed();
    const before = read[name];
    read[name] = before === undefined ? value : `${before}, ${value}`;
  }
  if (!read[":method"] || !read[":scheme"] || !read[":path"]) throw malformed();
  return read;
}

const malformed = (): StreamError =>
  new StreamError(ErrorCode.PROTOCOL_ERROR, "a request's headers are malformed");
