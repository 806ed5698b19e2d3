// Makes src/plugin/tfplugin6/generated/ from the .proto files: a TypeScript interface, a table for
// codec.ts and a list of RPCs each. `node scripts/generate-protocol.mjs [--out DIR]`
import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../src/plugin/tfplugin6");
const outFlag = process.argv.indexOf("--out");
const out = outFlag > 0 ? process.argv[outFlag + 1] : join(folder, "generated");
const files = ["tfplugin6", "go-plugin", "go-plugin-health"];

const SCALARS = {
  string: "string",
  bytes: "Uint8Array",
  bool: "boolean",
  int32: "number",
  uint32: "number",
  int64: "number",
};

const camel = (name) =>
  name[0].toLowerCase() + name.slice(1).replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** `.tfplugin6.Schema.Block` is `SchemaBlock`; the package's name is left out. */
const flatName = (type) => {
  const names = [];
  for (let at = type; at instanceof protobuf.Type || at instanceof protobuf.Enum; at = at.parent) {
    names.unshift(at.name);
  }
  return names.join("");
};

const typesOf = (namespace) =>
  namespace.nestedArray.flatMap((nested) => [
    ...(nested instanceof protobuf.Type || nested instanceof protobuf.Enum ? [nested] : []),
    ...(nested.nestedArray ? typesOf(nested) : []),
  ]);

const servicesOf = (namespace) =>
  namespace.nestedArray.flatMap((nested) =>
    nested instanceof protobuf.Service ? [nested] : nested.nestedArray ? servicesOf(nested) : [],
  );

const kindOf = (field) => {
  if (field.resolvedType instanceof protobuf.Enum) return '"int32"';
  if (field.resolvedType) return flatName(field.resolvedType);
  if (!(field.type in SCALARS)) throw new Error(`${field.fullName}: no ${field.type} in the codec`);
  return `"${field.type}"`;
};

const describe = (field) => {
  const isMessage = field.resolvedType instanceof protobuf.Type;
  const kind = kindOf(field);
  const plain = isMessage
    ? kind
    : field.resolvedType instanceof protobuf.Enum
      ? "number"
      : SCALARS[field.type];
  const oneof = field.partOf && !field.options?.proto3_optional ? field.partOf : undefined;
  const explicit = isMessage || field.options?.proto3_optional || oneof !== undefined;
  if (field.map && field.keyType !== "string") throw new Error(`${field.fullName}: map key`);
  // A repeated number would have to be read packed.
  if (field.repeated && !isMessage) throw new Error(`${field.fullName}: repeated scalar`);
  return {
    name: camel(field.name),
    number: field.id,
    kind,
    label: field.map ? "map" : field.repeated ? "repeated" : explicit ? "explicit" : "implicit",
    oneof: oneof && camel(oneof.name),
    typescript: field.map
      ? `Readonly<Record<string, ${plain}>>`
      : field.repeated
        ? `readonly ${plain}[]`
        : plain,
    optional: explicit && !field.map && !field.repeated,
  };
};

const message = (type) => {
  const name = flatName(type);
  const fields = type.fieldsArray.map((field) => describe(field.resolve()));
  const members = fields.map(
    (f) => `  readonly ${f.name}${f.optional ? "?" : ""}: ${f.typescript};`,
  );
  const rows = fields.map((f) => {
    const label = f.label === "implicit" && !f.oneof ? "" : `, "${f.label}"`;
    return `  [${f.number}, "${f.name}", ${f.kind}${label}${f.oneof ? `, "${f.oneof}"` : ""}],`;
  });
  return [
    members.length
      ? `export interface ${name} {\n${members.join("\n")}\n}`
      : `export type ${name} = Record<never, never>;`,
    `export const ${name}: MessageType<${name}> = /* @__PURE__ */ new MessageType("${type.fullName.slice(1)}", () => [\n${rows.join("\n")}\n]);`,
  ].join("\n");
};

const enumeration = (type) => {
  const rows = Object.entries(type.values).map(([name, number]) => `  ${name}: ${number},`);
  return `export const ${flatName(type)} = {\n${rows.join("\n")}\n} as const;`;
};

const serviceTable = (service) => {
  const rows = service.methodsArray.map((method) => {
    method.resolve();
    const path = `/${service.fullName.slice(1)}/${method.name}`;
    const types = `request: ${flatName(method.resolvedRequestType)}, response: ${flatName(method.resolvedResponseType)}`;
    return `  ${camel(method.name)}: { path: "${path}", ${types} },`;
  });
  return `export const ${service.name} = {\n${rows.join("\n")}\n} as const;`;
};

const generate = (name) => {
  const root = new protobuf.Root();
  root.loadSync(join(folder, `${name}.proto`), { keepCase: true });
  root.resolveAll();
  const types = typesOf(root);
  return [
    `// Made by scripts/generate-protocol.mjs from ${name}.proto. Do not edit.`,
    `import { MessageType } from "../codec.js";`,
    ...types.map((type) => (type instanceof protobuf.Enum ? enumeration(type) : message(type))),
    ...servicesOf(root).map(serviceTable),
    "",
  ].join("\n\n");
};

mkdirSync(out, { recursive: true });
for (const name of files) {
  const path = join(out, `${name}.ts`);
  const text = generate(name);
  // An unchanged file keeps its time stamp, so that builds which go by it stay fresh.
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}
