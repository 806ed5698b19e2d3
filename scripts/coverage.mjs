// Which resource, attribute and test covers each operation and field of PolyAI's API documents.
//
//   node scripts/coverage.mjs            checks docs/coverage.md, and that nothing is left out
//   node scripts/coverage.mjs --write    writes it
//
// The documents are in test/api/. A field that no attribute or test covers ends it with an error.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { root } from "./lib/paths.mjs";
import { isMain, main, say } from "./lib/process.mjs";

const DOCUMENTS = ["polyai-webhooks", "polyai-alerts"];
const TABLE = "docs/coverage.md";

const endpoint = { on: "polyai_webhook_endpoint", test: "test/provider/webhook-endpoint.test.ts" };
const rule = { on: "polyai_alert_rule", test: "test/provider/alert-rule.test.ts" };
const secret = { on: "polyai_webhook_secret", test: "test/provider/webhook-secret.test.ts" };
const source = (name) => ({ on: `data.${name}`, test: "test/provider/data-sources.test.ts" });

/** By operationId: what calls it, and the test that shows it. */
const OPERATIONS = {
  createWebhookEndpoint: endpoint,
  getWebhookEndpoint: endpoint,
  updateWebhookEndpoint: endpoint,
  deleteWebhookEndpoint: endpoint,
  listWebhookEndpoints: source("polyai_webhook_endpoints"),
  rotateWebhookSigningSecret: secret,
  createAlertRule: rule,
  getAlertRule: rule,
  updateAlertRule: rule,
  deleteAlertRule: rule,
  listAlertRules: source("polyai_alert_rules"),
  getActiveAlerts: source("polyai_active_alerts"),
};

/** Fields that stand elsewhere than their operation. */
const ELSEWHERE = {
  // One attribute of an object in a list cannot be sensitive, and header values are.
  "listWebhookEndpoints response headers": source("polyai_webhook_endpoint"),
};

/** Where a parameter or field is an attribute of another name. */
const RENAMED = { "parameter endpoint_id": "id", "parameter rule_id": "id" };

/** What an error's fields become: no attribute, but the text of a diagnostic. */
const ERROR_TEST = "test/unit/polyai/error-body.test.ts";
const ERROR_SCHEMAS = ["Error", "HTTPValidationError", "ValidationError"];

export function coverage() {
  const schema = JSON.parse(readFileSync(join(root, "dist/schema.json"), "utf8"));
  const [provider] = Object.values(schema.provider_schemas);
  const gaps = [];
  const documents = DOCUMENTS.map((name) =>
    JSON.parse(readFileSync(join(root, `test/api/${name}.openapi.json`), "utf8")),
  );
  const rows = documents.flatMap((document) =>
    operationsOf(document).flatMap((operation) => rowsOf(document, operation, provider, gaps)),
  );
  const errors = documents.flatMap((document) =>
    ERROR_SCHEMAS.filter((schemaName) => schemaName in document.components.schemas).flatMap(
      (schemaName) =>
        Object.keys(document.components.schemas[schemaName].properties).map((field) => {
          if (!mentions(ERROR_TEST, field))
            gaps.push(`${schemaName}.${field}: not in ${ERROR_TEST}`);
          return [document.info.title, schemaName, `\`${field}\``, link(ERROR_TEST)];
        }),
    ),
  );
  return { gaps, text: page(rows, errors) };
}

const operationsOf = ({ paths }) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );

function rowsOf(document, operation, provider, gaps) {
  const covered = OPERATIONS[operation.operationId];
  if (covered === undefined) {
    gaps.push(`${operation.operationId}: nothing calls it`);
    return [];
  }
  if (attributesOf(provider, covered.on) === undefined) {
    gaps.push(`${operation.operationId}: there is no ${covered.on}`);
    return [];
  }
  const call = `\`${operation.method.toUpperCase()} ${operation.path}\``;
  const row = (what, name) => {
    const attribute = RENAMED[`${what} ${name}`] ?? name;
    const { on, test } = ELSEWHERE[`${operation.operationId} ${what} ${name}`] ?? covered;
    if (!attributesOf(provider, on)?.has(attribute)) {
      gaps.push(`${operation.operationId}, ${what} ${name}: no attribute of ${on}`);
    }
    if (!mentions(test, attribute)) {
      gaps.push(`${operation.operationId}, ${what} ${name}: not in ${test}`);
    }
    return [call, `${what} \`${name}\``, `\`${on}.${attribute}\``, link(test)];
  };
  const parameters = (operation.parameters ?? []).map(({ $ref }) => resolve(document, $ref).name);
  const request = operation.requestBody?.content["application/json"].schema;
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
  const response = success?.[1].content?.["application/json"].schema;
  return [
    [call, "operation", `\`${covered.on}\``, link(covered.test)],
    ...parameters.map((name) => row("parameter", name)),
    ...fieldsOf(document, request).map((name) => row("request", name)),
    ...fieldsOf(document, response).map((name) => row("response", name)),
  ];
}

/** The fields of an object; those of its elements where it is a list in `data`. */
function fieldsOf(document, schema) {
  if (schema === undefined) return [];
  if (schema.$ref !== undefined) return fieldsOf(document, resolve(document, schema.$ref));
  if (schema.allOf !== undefined) return schema.allOf.flatMap((part) => fieldsOf(document, part));
  const { data } = schema.properties ?? {};
  if (data?.type === "array") return fieldsOf(document, data.items);
  return Object.keys(schema.properties ?? {});
}

const resolve = (document, reference) =>
  reference
    .replace("#/", "")
    .split("/")
    .reduce((part, name) => part[name], document);

/** Attributes by name, with those of the objects in its lists. */
function attributesOf(provider, on) {
  const schemas = on.startsWith("data.") ? provider.data_source_schemas : provider.resource_schemas;
  const schema = schemas[on.replace("data.", "")];
  if (schema === undefined) return undefined;
  return new Set(
    Object.entries(schema.block.attributes).flatMap(([name, { type }]) => [
      name,
      ...(Array.isArray(type) && Array.isArray(type[1]) ? Object.keys(type[1][1]) : []),
    ]),
  );
}

const texts = new Map();
function mentions(test, name) {
  if (!texts.has(test)) {
    const file = join(root, test);
    texts.set(test, existsSync(file) ? readFileSync(file, "utf8") : "");
  }
  return new RegExp(`\\b${name}\\b`).test(texts.get(test));
}

const link = (path) => `[${path.split("/").at(-1)}](../${path})`;

const page = (rows, errors) => `<!-- Generated by scripts/coverage.mjs from the API's documents. -->

# Coverage of PolyAI's API

Each operation, parameter and field of the documents in [test/api](../test/api), the resource or data source and attribute that it is in Terraform, and the test that shows it. CI fails on a gap.

${table(["operation", "part", "in Terraform", "test"], rows)}

## Errors

The fields of an error become the text of a diagnostic.

${table(["document", "schema", "field", "test"], errors)}
`;

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

if (isMain(import.meta.url)) {
  await main(async () => {
    await build(["protocol", "plugin", "codegen"]);
    const { gaps, text } = coverage();
    for (const gap of gaps) say(gap);
    if (gaps.length > 0) return 1;
    const file = join(root, TABLE);
    if (process.argv.includes("--write")) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
      say(`${TABLE} is not what the documents give. Run: node scripts/coverage.mjs --write`);
      return 1;
    }
    return 0;
  });
}
