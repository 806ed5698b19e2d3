import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import document from "../../api/openapi.json";
import type { OperationId } from "../../src/simulator/index.js";

const ajv = new Ajv2020({ strict: false });
addFormats(ajv);
ajv.addSchema(document, "polyai");

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Body {
  readonly $ref?: string;
  readonly content?: { readonly "application/json": { readonly schema: Schema } };
}

interface Described {
  readonly operationId: OperationId;
  readonly parameters?: readonly object[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

export type DocumentedOperation = (typeof operations)[number];

/** Each with its path, which has the parameters in braces. */
export const operations = Object.entries(
  document.paths as unknown as Record<string, Record<string, Described>>,
).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [], ...described }]) => ({
    ...described,
    method: method.toUpperCase(),
    path,
    parameters: parameters.map((parameter) => resolved<{ name: string }>(parameter).name),
  })),
);

export function operationCalled(operationId: string): DocumentedOperation {
  const operation = operations.find((one) => one.operationId === operationId);
  if (operation === undefined) throw new Error(`The document has no ${operationId}`);
  return operation;
}

/** Follows a `$ref`. */
export function resolved<T>(value: object): T {
  if (!("$ref" in value)) return value as T;
  let target: unknown = document;
  for (const step of String(value.$ref).split("/").slice(1)) {
    target = (target as Record<string, unknown>)[step];
  }
  return resolved(target as object);
}

export const schemaOf = (body: Body | undefined): Schema | undefined =>
  body && resolved<Body>(body).content?.["application/json"].schema;

/** Names of an object's fields; those of its items if it is a list in `data`. */
export function fieldsOf(schema: Schema | undefined): string[] {
  if (schema === undefined) return [];
  const { allOf, properties = {} } = resolved<Schema>(schema);
  if (allOf !== undefined) return allOf.flatMap(fieldsOf);
  const { items } = properties["data"] ?? {};
  return items === undefined ? Object.keys(properties) : fieldsOf(items);
}

const errorSchema: Schema = { $ref: "#/components/schemas/Error" };

/**
 * Throws unless an answer is as documented, and has each documented field and no other. A status
 * that the operation does not name has the error envelope.
 */
export function assertDocumented(operationId: string, status: number, body: unknown): void {
  const { responses } = operationCalled(operationId);
  const documented = responses[String(status)];
  const schema = documented === undefined ? errorSchema : schemaOf(documented);
  const problem = schema === undefined ? unexpected(body) : fault(schema, body);
  if (problem === undefined) return;
  throw new Error(`${operationId} answers ${status} with ${problem}: ${JSON.stringify(body)}`);
}

const unexpected = (body: unknown): string | undefined =>
  body === undefined ? undefined : "a body, which is not documented";

function fault(schema: Schema, body: unknown): string | undefined {
  const absolute = JSON.parse(
    JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"polyai#'),
  ) as object;
  if (!ajv.validate(absolute, body)) return ajv.errorsText();
  const { data } = body as { data?: unknown };
  const wanted = fieldsOf(schema).sort().join();
  const objects = (Array.isArray(data) ? data : [body]) as object[];
  const other = objects.find((one) => Object.keys(one).sort().join() !== wanted);
  return other && `the fields ${Object.keys(other).join()} instead of ${wanted}`;
}
