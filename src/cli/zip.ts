/**
 * Zip archives whose bytes depend on their content alone: no time, no user, one order.
 *
 * The numbers are those of PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12, 4.3.16 and 4.4.
 */
import { deflateRawSync } from "node:zlib";

export interface ZipFile {
  /** With forward slashes, relative. */
  readonly name: string;
  readonly content: Buffer;
  /** Whether whoever unpacks it may run it. */
  readonly executable?: boolean;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
/** 2.0, which deflate needs. */
const VERSION_NEEDED = 20;
/** Made on Unix, so that the permissions count. */
const VERSION_MADE_BY = (3 << 8) | VERSION_NEEDED;
/** Names are UTF-8. */
const FLAGS = 1 << 11;
const DEFLATED = 8;
/** The first moment that there is: midnight of 1 January 1980. */
const TIME = 0;
const DATE = (1 << 5) | 1;
const REGULAR_FILE = 0o100000;
const LIMIT = 0xffffffff;

/**
 * An archive of these files, in order of name.
 *
 * The same content gives the same bytes from one Node; another one's deflate may pack otherwise.
 *
 * @throws RangeError for more than 4 GiB, which takes another format
 */
export function zip(files: readonly ZipFile[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = Buffer.from(file.name);
    const packed = deflateRawSync(file.content, { level: 9 });
    if (offset + packed.length > LIMIT || file.content.length > LIMIT) {
      throw new RangeError(`${file.name} is too large for a zip archive.`);
    }
    const common = commonFields(file.content, packed, name);
    locals.push(words([LOCAL_HEADER, 4]), common, name, packed);
    const mode = REGULAR_FILE | (file.executable === true ? 0o755 : 0o644);
    centrals.push(
      words([CENTRAL_HEADER, 4], [VERSION_MADE_BY, 2]),
      common,
      // Comment's length, disk, internal attributes, external attributes, where the file begins.
      words([0, 2], [0, 2], [0, 2], [mode * 0x10000, 4], [offset, 4]),
      name,
    );
    offset += 4 + common.length + name.length + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = words(
    [END_OF_CENTRAL_DIRECTORY, 4],
    [0, 2],
    [0, 2],
    [files.length, 2],
    [files.length, 2],
    [directory.length, 4],
    [offset, 4],
    [0, 2],
  );
  return Buffer.concat([...locals, directory, end]);
}

/** What a file's two headers share: from the version needed to the extra field's length. */
const commonFields = (content: Buffer, packed: Buffer, name: Buffer): Buffer =>
  words(
    [VERSION_NEEDED, 2],
    [FLAGS, 2],
    [DEFLATED, 2],
    [TIME, 2],
    [DATE, 2],
    [crc32(content), 4],
    [packed.length, 4],
    [content.length, 4],
    [name.length, 2],
    [0, 2],
  );

/** Numbers in a row, little-endian, each with its width in bytes. */
function words(...fields: readonly (readonly [value: number, width: number])[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((length, [, width]) => length + width, 0));
  let at = 0;
  for (const [value, width] of fields) at = buffer.writeUIntLE(value, at, width);
  return buffer;
}

let table: Uint32Array | undefined;

/** Node's own came with 20.15. */
function crc32(content: Buffer): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let crc = 0xffffffff;
  for (const byte of content) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
