import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** `node_modules/a/node_modules/@b/c` for a file in that package; undefined for another file. */
export function packagePath(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

/** The text of a package's licence, or undefined where it holds none. */
export function licenceText(folder, { path }) {
  if (path.endsWith("/@bufbuild/protobuf")) return protobufLicences(folder, path);
  const files = readdirSync(join(folder, path))
    .filter((file) => /^(licen[sc]e|copying)/i.test(file))
    .sort(byText);
  const texts = files.map((file) => readFileSync(join(folder, path, file), "utf8").trim());
  return texts.length === 0 ? undefined : texts.join("\n\n").replaceAll("\r\n", "\n");
}

// It is under Apache-2.0, as this project is, and holds no text of that; the part that Google wrote
// has its licence at the top.
function protobufLicences(folder, path) {
  const source = readFileSync(join(folder, path, "dist/cjs/wire/varint.js"), "utf8");
  const google = /^(\/\/.*\n)+/m.exec(source)?.[0].replace(/^\/\/ ?/gm, "") ?? "";
  return `${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n\n${google.trim()}`;
}

/** By code units: the same order in every locale. */
export const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
