import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/process.mjs";
import { byText } from "../lib/packages.mjs";
import { bundledPackages } from "./bundled.mjs";

/**
 * The software bill of materials, CycloneDX 1.5 as JSON: what npm says of the dependencies that it
 * would install, and the packages that are inside dist/, of which npm knows only that they are
 * needed to develop.
 *
 * The same package gives the same bytes: no time, no random number, no folder's name.
 *
 * @param {string} folder the project's root, built and with its packages installed
 */
export async function sbom(folder) {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "library", "--omit", "dev"];
  const base = JSON.parse(await run("npm", args, { cwd: folder }));
  return complete(folder, base, bundledPackages(folder));
}

/** npm's document with the bundled packages in it. */
export function complete(folder, base, bundled) {
  const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const locked = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages;
  // npm's serial number is random, its time the present, and its version this machine's.
  const { metadata, components, dependencies } = base;
  const { lifecycles, component } = metadata;
  const root = component["bom-ref"];

  const known = new Map(components.map((each) => [each["bom-ref"], each]));
  const edges = new Map(dependencies.map(({ ref, dependsOn }) => [ref, new Set(dependsOn)]));
  for (const each of bundled) {
    const ref = reference(each);
    const same = known.get(ref);
    if (same === undefined) known.set(ref, componentOf(folder, each));
    else same.properties = [...(same.properties ?? []), ...properties(each)].filter(isFirst);
    const needed = needs(locked, each.path).filter((path) => bundled.some((b) => b.path === path));
    edges.set(ref, new Set([...(edges.get(ref) ?? []), ...needed.map(refOf(bundled))]));
  }
  const own = locked[""];
  const direct = Object.keys({ ...own.dependencies, ...own.devDependencies })
    .map((dependency) => `node_modules/${dependency}`)
    .filter((path) => bundled.some((each) => each.path === path));
  edges.set(root, new Set([...(edges.get(root) ?? []), ...direct.map(refOf(bundled))]));

  const content = {
    version: base.version,
    metadata: {
      lifecycles,
      tools: [{ vendor: "npm", name: "cli" }],
      // npm takes the folder's name for it.
      component: { ...component, name },
    },
    components: [...known.values()].sort((a, b) => byText(a["bom-ref"], b["bom-ref"])),
    dependencies: [...edges]
      .map(([ref, on]) => ({ ref, dependsOn: [...on].sort(byText) }))
      .sort((a, b) => byText(a.ref, b.ref)),
  };
  const { $schema, bomFormat, specVersion } = base;
  return { $schema, bomFormat, specVersion, serialNumber: serialNumber(content), ...content };
}

const reference = ({ name, version }) => `${name}@${version}`;
const refOf = (bundled) => (path) => reference(bundled.find((each) => each.path === path));

function componentOf(folder, each) {
  const { name, version, licence, integrity } = each;
  const { description, author } = JSON.parse(
    readFileSync(join(folder, each.path, "package.json"), "utf8"),
  );
  const authorName = typeof author === "string" ? author.replace(/\s*[<(].*$/, "") : author?.name;
  return {
    "bom-ref": reference(each),
    type: "library",
    name,
    version,
    scope: "required",
    ...(authorName ? { author: authorName } : {}),
    ...(description ? { description } : {}),
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    ...(integrity === undefined ? {} : { hashes: [hashOf(integrity)] }),
    licenses: [/^[\w.+-]+$/.test(licence) ? { license: { id: licence } } : { expression: licence }],
    properties: properties(each),
  };
}

const properties = ({ files }) =>
  files.map((file) => ({ name: "terraform-provider-polyai:bundled:in", value: file }));

const isFirst = (one, index, all) =>
  all.findIndex((other) => other.name === one.name && other.value === one.value) === index;

// The tarball that the bundled code came from.
function hashOf(integrity) {
  const [algorithm, digest] = integrity.split("-");
  return {
    alg: algorithm.replace("sha", "SHA-"),
    content: Buffer.from(digest, "base64").toString("hex"),
  };
}

// The packages that a package asks for, or uses where they happen to be there, found as node does:
// the nearest node_modules that holds each.
function needs(locked, path) {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
    locked[path];
  const names = Object.keys({
    ...dependencies,
    ...optionalDependencies,
    ...peerDependencies,
    ...peerDependenciesMeta,
  });
  return names.map((name) => nearest(locked, path, name)).filter((found) => found !== undefined);
}

function nearest(locked, from, name) {
  const candidate = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
  if (locked[candidate] !== undefined) return candidate;
  if (from === "") return undefined;
  return nearest(locked, from.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, ""), name);
}

// RFC 9562, section 5.8: a UUID of version 8, here of the document's own bytes.
function serialNumber(document) {
  const bytes = createHash("sha256").update(JSON.stringify(document)).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `urn:uuid:${[...parts, hex.slice(20)].join("-")}`;
}
