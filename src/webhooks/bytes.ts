/** A delivery's body as it travelled: text, or bytes such as a Buffer. Never a parsed object. */
export type WebhookPayload = string | ArrayBuffer | ArrayBufferView;

/**
 * The bytes of text (as UTF-8) or of a buffer. It looks at no class, since a buffer may come from
 * another realm: a test environment, a worker, a frame.
 *
 * @throws TypeError if it is neither text nor bytes
 */
export function bytesOf(payload: unknown): Uint8Array {
  if (typeof payload === "string") return new TextEncoder().encode(payload);
  if (ArrayBuffer.isView(payload)) {
    return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
  }
  if (Object.prototype.toString.call(payload) === "[object ArrayBuffer]") {
    return new Uint8Array(payload as ArrayBuffer);
  }
  throw new TypeError(
    "payload must be the raw request body (text or bytes): a parsed body cannot be verified",
  );
}
