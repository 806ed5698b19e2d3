import { inflateRawSync } from "node:zlib";
import { zip } from "../../src/placement/zip.js";

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

// Signatures and offsets from PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL_DIRECTORY = Buffer.from("PK\x05\x06", "latin1");

/** Every file in a zip archive, such as a saved plan. */
export function readZip(archive: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(archive.lastIndexOf(END_OF_CENTRAL_DIRECTORY) + 16);
  while (archive.readUInt32LE(at) === CENTRAL_HEADER) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      archive.readUInt16LE(at + field),
    ) as [number, number, number];
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    entries.push({
      name: archive.toString("utf8", at + 46, at + 46 + nameLength),
      bytes: archive.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** An archive of files with these texts. */
export const zipOf = (files: Readonly<Record<string, string>>): Buffer =>
  zip(Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) })));
