import { gunzipSync } from "node:zlib";

// POSIX.1-2017, pax, "ustar Interchange Format": fields of a header by offset and length.
const BLOCK = 512;
const field = (header, at, length) =>
  header.toString("utf8", at, at + length).replace(/\0.*$/s, "");
const octal = (header, at, length) => Number.parseInt(field(header, at, length).trim() || "0", 8);

/**
 * The files of an npm tarball, in its order, without the folder `package/` that all are in.
 *
 * @param {Buffer} bytes gzipped
 * @returns {{ path: string, mode: number, bytes: Buffer }[]}
 */
export function readTarball(bytes) {
  const archive = gunzipSync(bytes);
  const files = [];
  let longPath;
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const header = archive.subarray(at, at + BLOCK);
    const size = octal(header, 124, 12);
    const body = archive.subarray(at + BLOCK, at + BLOCK + size);
    const type = field(header, 156, 1) || "0";
    if (type === "x") {
      longPath = /^\d+ path=(.*)$/m.exec(body.toString())?.[1];
    } else {
      const prefix = field(header, 345, 155);
      const name = field(header, 0, 100);
      const path = longPath ?? (prefix === "" ? name : `${prefix}/${name}`);
      longPath = undefined;
      if (type !== "0") throw new Error(`${path} is no plain file (type ${type}).`);
      files.push({
        path: path.replace(/^package\//, ""),
        mode: octal(header, 100, 8),
        bytes: body,
      });
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
