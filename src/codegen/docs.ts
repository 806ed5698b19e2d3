/** The provider's documentation in the registry's layout, from its schema and its HCL examples. */
import type { AttributeJson, FunctionJson, ProviderSchemaJson, SchemaJson } from "./schema-json.js";

/** Gives an example's text by its path under `examples/`; undefined if there is none. */
export type ReadExample = (path: string) => string | undefined;

/** Pages by path under `docs/`. */
export type Pages = ReadonlyMap<string, string>;

/** Folders of `docs/` that hold generated pages and nothing else. */
export const PAGE_FOLDERS = [
  "resources",
  "data-sources",
  "ephemeral-resources",
  "list-resources",
  "functions",
];

const HEAD = "<!-- Generated from the provider's schema and from examples/: edit those. -->";

/**
 * @param name the provider's name, which is also the prefix of its types.
 */
export function docsPages(name: string, schema: ProviderSchemaJson, read: ReadExample): Pages {
  const { provider, functions = {} } = schema;
  const title = `${name} Provider`;
  const example = read("provider/provider.tf");
  const index = page(title, title, provider.block, example, schemaSection(provider));
  const pages = new Map([["index.md", index]]);
  const kinds = [
    ["resources", "Resource", schema.resource_schemas],
    ["data-sources", "Data Source", schema.data_source_schemas],
    ["ephemeral-resources", "Ephemeral Resource", schema.ephemeral_resource_schemas],
    ["list-resources", "List Resource", schema.list_resource_schemas],
  ] as const;
  for (const [folder, kind, schemas = {}] of kinds) {
    const suffix = folder === "list-resources" ? ".tfquery.hcl" : ".tf";
    const file = `${kind.toLowerCase().replaceAll(" ", "-")}${suffix}`;
    for (const [type, of] of Object.entries(schemas)) {
      const readOwn = (path: string) => read(`${folder}/${type}/${path}`);
      const parts = [...schemaSection(of), ...importSection(readOwn)];
      const heading = `${type} (${kind})`;
      const text = page(`${type} ${kind} - ${name}`, heading, of.block, readOwn(file), parts);
      pages.set(`${folder}/${type.slice(name.length + 1)}.md`, text);
    }
  }
  for (const [called, signature] of Object.entries(functions)) {
    const path = `functions/${called}`;
    const [title, heading] = [`${called} function - ${name}`, `function: ${called}`];
    const parts = functionSections(called, signature);
    pages.set(`${path}.md`, page(title, heading, signature, read(`${path}/function.tf`), parts));
  }
  return pages;
}

interface About {
  readonly description?: string | undefined;
  readonly summary?: string | undefined;
}

/** Registries read the front matter; the description is its first sentence there. */
function page(
  title: string,
  heading: string,
  { description = "", summary = description }: About,
  example: string | undefined,
  parts: readonly string[],
): string {
  const usage = example === undefined ? [] : ["## Example Usage", code("terraform", example)];
  const body = [HEAD, `# ${heading}`, description || summary, ...usage, ...parts];
  return `---
page_title: ${JSON.stringify(title)}
description: |-
  ${/^.*?(?:[.:](?=\s)|$)/s.exec(summary)?.[0].replace(/:$/, ".") ?? ""}
---

${body.filter((part) => part !== "").join("\n\n")}
`;
}

/** A resource's import examples: file, language, and what stands above it. */
const IMPORTS = [
  ["import-by-string-id.tf", "terraform", "In the configuration, by id:"],
  ["import-by-identity.tf", "terraform", "By identity, with Terraform 1.12 or OpenTofu 1.12:"],
  ["import.sh", "shell", "From the command line:"],
  [
    "moved.tf",
    "terraform",
    "From `restapi_object`, `restful_operation`, `terraform_data` or `null_resource` (Terraform 1.8, OpenTofu 1.10):",
  ],
] as const;

function importSection(example: ReadExample): readonly string[] {
  const imports = IMPORTS.flatMap(([file, language, title]) => {
    const text = example(file);
    return text === undefined ? [] : [title, code(language, text)];
  });
  return imports.length > 0 ? ["## Import", ...imports] : [];
}

function functionSections(called: string, signature: FunctionJson): readonly string[] {
  const { parameters = [] } = signature;
  const inputs = parameters.map(({ name, type }) => `${name} ${typeText(type).toLowerCase()}`);
  const output = typeText(signature.return_type).toLowerCase();
  return [
    "## Signature",
    code("text", `${called}(${inputs.join(", ")}) ${output}`),
    "## Arguments",
    parameters
      .map(({ name, type, description }) => item(name, [typeText(type)], description))
      .join("\n"),
  ];
}

const code = (language: string, text: string): string =>
  `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

function schemaSection(schema: SchemaJson): string[] {
  const attributes = Object.entries(schema.block.attributes ?? {});
  const groups = [
    ["Required", attributes.filter(([, { required }]) => required)],
    ["Optional", attributes.filter(([, { optional }]) => optional)],
    ["Read-Only", attributes.filter(([, { required, optional }]) => !required && !optional)],
  ] as const;
  return [
    "## Schema",
    ...groups
      .filter(([, members]) => members.length > 0)
      .map(([title, members]) => `### ${title}\n\n${members.map(attributeItem).join("\n")}`),
    ...attributes.flatMap(([name, { type }]) => nestedSchema(name, type)),
  ];
}

/** The attributes of a list of objects. */
function nestedSchema(name: string, type: unknown): string[] {
  const attributes = nestedAttributes(type);
  if (attributes === undefined) return [];
  const items = Object.entries(attributes).map(([key, of]) => item(key, [typeText(of)]));
  return [
    `<a id="nestedatt--${name}"></a>\n### Nested Schema for \`${name}\``,
    `Read-Only:\n\n${items.join("\n")}`,
  ];
}

function nestedAttributes(type: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(type)) return undefined;
  const [kind, of] = type as [string, unknown];
  return kind === "object" ? (of as Record<string, unknown>) : nestedAttributes(of);
}

const attributeItem = ([name, attribute]: [string, AttributeJson]): string =>
  item(
    name,
    [
      typeText(attribute.type),
      ...(attribute.sensitive ? ["Sensitive"] : []),
      ...(attribute.write_only ? ["Write-only"] : []),
    ],
    `${attribute.description ?? ""}${below(name, attribute.type)}`,
  );

const below = (name: string, type: unknown): string =>
  nestedAttributes(type) ? ` (see [below for nested schema](#nestedatt--${name}))` : "";

const item = (name: string, notes: readonly string[], description = ""): string =>
  `- \`${name}\` (${notes.join(", ")}) ${description}`.trimEnd();

/** A type's JSON in the registry's words: String, Map of Number, Object. */
function typeText(type: unknown): string {
  if (Array.isArray(type)) {
    const [kind, element] = type as [string, unknown];
    return kind === "object" ? "Object" : `${capitalized(kind)} of ${typeText(element)}`;
  }
  return type === "bool" ? "Boolean" : capitalized(String(type));
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
