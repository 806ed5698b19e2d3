import type { Readable } from "node:stream";
import { GrpcError, Status } from "./status.js";

/** A flag, and the length in four bytes. */
const HEADER_LENGTH = 5;

/** The largest message that Terraform allows, both ways, in bytes. */
const MAX_MESSAGE_LENGTH = 256 * 1024 * 1024;

/** A message with gRPC's header before it. */
export function encodeFrame(message: Uint8Array): Uint8Array {
  if (message.length > MAX_MESSAGE_LENGTH) throw tooLarge(message.length);
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + message.length);
  frame.writeUInt8(0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, HEADER_LENGTH);
  return frame;
}

/**
 * The one message of a request, whose bytes may be cut anywhere. Memory grows with what has come,
 * never with what a header promises.
 *
 * @throws GrpcError for anything but one whole message that is not compressed
 */
export function readMessage(stream: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    let announced: number | undefined;
    /** Why this cannot be one whole message, if so. */
    const take = (chunk: Buffer): GrpcError | undefined => {
      chunks.push(chunk);
      received += chunk.length;
      if (received < HEADER_LENGTH) return undefined;
      if (announced === undefined) {
        const header = Buffer.concat(chunks);
        const length = header.readUInt32BE(1);
        // A call with an encoding was refused at its headers, so there is none that a flag could mean.
        if (header[0] !== 0) return malformed("a message is compressed, with no encoding named");
        if (length > MAX_MESSAGE_LENGTH) return tooLarge(length);
        announced = HEADER_LENGTH + length;
      }
      return received > announced ? malformed("a request has a second message") : undefined;
    };
    stream.on("data", (chunk: Buffer) => {
      const problem = take(chunk);
      if (problem === undefined) return;
      stream.removeAllListeners("data");
      reject(problem);
    });
    stream.once("end", () => {
      if (received === announced) resolve(Buffer.concat(chunks).subarray(HEADER_LENGTH));
      else reject(malformed("a request ended before its message did"));
    });
    stream.once("close", () => reject(malformed("the call was cut off")));
  });
}

const malformed = (message: string): GrpcError => new GrpcError(Status.INTERNAL, message);

const tooLarge = (length: number): GrpcError =>
  new GrpcError(
    Status.RESOURCE_EXHAUSTED,
    `a message of ${length} bytes is larger than the limit of ${MAX_MESSAGE_LENGTH}`,
  );
