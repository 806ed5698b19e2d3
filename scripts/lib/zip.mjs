import { inflateRawSync } from "node:zlib";

// Numbers from PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;

/** The bytes of one file in a zip archive. Throws where it is not there. */
export function readZipEntry(archive, wanted) {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== END_OF_CENTRAL_DIRECTORY) {
    throw new Error("The archive is no zip file.");
  }
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== CENTRAL_HEADER) throw new Error("The zip file is damaged.");
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    if (name === wanted) return contentsOf(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`The zip file holds no ${wanted}.`);
}

function contentsOf(archive, header) {
  const method = archive.readUInt16LE(header + 10);
  const packed = archive.readUInt32LE(header + 20);
  const local = archive.readUInt32LE(header + 42);
  // The local header's extra field may differ in length from the central one.
  const start =
    local +
    LOCAL_HEADER_LENGTH +
    archive.readUInt16LE(local + 26) +
    archive.readUInt16LE(local + 28);
  const bytes = archive.subarray(start, start + packed);
  if (method === STORED) return bytes;
  if (method === DEFLATED) return inflateRawSync(bytes);
  throw new Error(`The zip file uses compression method ${method}.`);
}
