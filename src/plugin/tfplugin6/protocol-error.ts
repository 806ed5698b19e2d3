/** Bytes that are no message of the expected type, or a value that no message can carry. */
export class ProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProtocolError";
  }
}
