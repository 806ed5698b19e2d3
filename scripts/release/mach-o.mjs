import { createHash } from "node:crypto";

// Names and numbers of Mach-O and of code signatures, as Apple's headers mach-o/loader.h and
// kern/cs_blobs.h publish them. Load commands are little-endian, signatures big-endian.
const MAGIC_64 = 0xfeedfacf;
const HEADER_LENGTH = 32;
const SEGMENT_64 = 0x19;
const CODE_SIGNATURE = 0x1d;

const EMBEDDED_SIGNATURE = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
/** The first version with the executable segment, which is all that is needed here. */
const DIRECTORY_VERSION = 0x20400;
const DIRECTORY_LENGTH = 88;
const AD_HOC = 0x2;
const MAIN_BINARY = 0x1;
const SHA256 = 2;
const HASH_LENGTH = 32;
const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;

/**
 * A Mach-O executable with an ad-hoc signature in the place of the one that it has, and that no
 * longer fits: what macOS asks of code that nobody vouches for.
 *
 * @param {Buffer} image of one 64-bit architecture, with its signature at its end
 * @param {string} identifier
 * @returns {Buffer}
 */
export function signAdHoc(image, identifier) {
  const { signature, text, linkEdit } = locate(image);
  const start = image.readUInt32LE(signature + 8);
  const directoryLength = DIRECTORY_LENGTH + identifier.length + 1;
  const length = 20 + directoryLength + Math.ceil(start / PAGE) * HASH_LENGTH;

  const code = Buffer.from(image.subarray(0, start));
  code.writeUInt32LE(length, signature + 12);
  const linkEditLength = BigInt(start + length) - code.readBigUInt64LE(linkEdit + 40);
  code.writeBigUInt64LE(linkEditLength, linkEdit + 48);
  // The segment in memory, in whole pages of arm64, which are the larger.
  code.writeBigUInt64LE(((linkEditLength + 0x3fffn) / 0x4000n) * 0x4000n, linkEdit + 32);

  const hashes = [];
  for (let at = 0; at < start; at += PAGE) {
    hashes.push(
      createHash("sha256")
        .update(code.subarray(at, at + PAGE))
        .digest(),
    );
  }
  const directory = Buffer.alloc(directoryLength);
  [
    CODE_DIRECTORY,
    length - 20,
    DIRECTORY_VERSION,
    AD_HOC,
    directoryLength,
    DIRECTORY_LENGTH,
    0,
    hashes.length,
    start,
  ].forEach((value, index) => directory.writeUInt32BE(value, index * 4));
  directory.set([HASH_LENGTH, SHA256, 0, PAGE_BITS], 36);
  directory.writeBigUInt64BE(code.readBigUInt64LE(text + 40), 64);
  directory.writeBigUInt64BE(code.readBigUInt64LE(text + 48), 72);
  directory.writeBigUInt64BE(BigInt(MAIN_BINARY), 80);
  directory.write(identifier, DIRECTORY_LENGTH, "latin1");

  const head = Buffer.alloc(20);
  [EMBEDDED_SIGNATURE, length, 1, 0, 20].forEach((value, index) =>
    head.writeUInt32BE(value, index * 4),
  );
  return Buffer.concat([code, head, directory, ...hashes]);
}

/**
 * Whether the signature of a Mach-O executable fits: it covers all that is before it, and each page
 * has the hash that it says. Who signed is another question.
 *
 * @param {Buffer} image of one 64-bit architecture
 */
export function signatureFits(image) {
  const start = image.readUInt32LE(locate(image).signature + 8);
  if (image.readUInt32BE(start) !== EMBEDDED_SIGNATURE) return false;
  const directory = start + image.readUInt32BE(start + 16);
  if (image.readUInt32BE(directory) !== CODE_DIRECTORY) return false;
  const [hashes, , , slots, limit] = [16, 20, 24, 28, 32].map((at) =>
    image.readUInt32BE(directory + at),
  );
  const page = 1 << image[directory + 39];
  if (limit !== start || slots !== Math.ceil(limit / page)) return false;
  for (let slot = 0; slot < slots; slot++) {
    const content = image.subarray(slot * page, Math.min((slot + 1) * page, limit));
    const at = directory + hashes + slot * HASH_LENGTH;
    const expected = image.subarray(at, at + HASH_LENGTH);
    if (!createHash("sha256").update(content).digest().equals(expected)) return false;
  }
  return true;
}

/** Where the load commands of the signature and of two segments are. */
function locate(image) {
  if (image.readUInt32LE(0) !== MAGIC_64) throw new Error("This is no 64-bit Mach-O file.");
  const found = {};
  let at = HEADER_LENGTH;
  for (let left = image.readUInt32LE(16); left > 0; left--) {
    const command = image.readUInt32LE(at);
    if (command === CODE_SIGNATURE) found.signature = at;
    if (command === SEGMENT_64) {
      const name = image.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
      if (name === "__TEXT") found.text = at;
      if (name === "__LINKEDIT") found.linkEdit = at;
    }
    at += image.readUInt32LE(at + 4);
  }
  for (const part of ["signature", "text", "linkEdit"]) {
    if (found[part] === undefined) throw new Error(`The Mach-O file has no ${part}.`);
  }
  return found;
}
