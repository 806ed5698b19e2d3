import { zip } from "../../src/placement/zip.js";
import { unzipSync } from "fflate";

/** Every file in a zip archive, such as a saved plan. */
export const readZip = (archive: Buffer) =>
  Object.entries(unzipSync(archive)).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) }));

/** An archive of files with these texts. */
export const zipOf = (files: Readonly<Record<string, string>>): Buffer =>
  zip(Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) })));
