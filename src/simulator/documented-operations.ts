import { Ajv2020, type ErrorObject, type Options } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import document from "../../api/openapi.json";
import type { OperationId } from "./document.js";

/** Says whether data fits; fills in defaults. After false, `errors` says why. */
export interface Validator {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** An operation as the document describes it. */
export interface Operation {
  readonly id: OperationId;
  readonly method: string;
  /** Path with its parameters in braces. */
  readonly path: string;
  /** Status of success. */
  readonly status: number;
  /** True if a 422 tells each fault by its place, instead of the envelope. */
  readonly listsFaults: boolean;
  readonly validPath: Validator;
  readonly validQuery: Validator;
  /** Missing if the operation takes no body. */
  readonly validBody?: Validator;
}

const NAME = "polyai";
// The schemas are part of the program, and checking them would take half of a start.
const OPTIONS: Options = {
  allErrors: true,
  strict: false,
  discriminator: true,
  validateSchema: false,
};

function addDocument(ajv: Ajv2020): Ajv2020 {
  addFormats(ajv);
  ajv.addSchema(document, NAME);
  return ajv;
}
const bodies = addDocument(new Ajv2020({ ...OPTIONS, useDefaults: true }));
/** Query values are text, so "true" is taken as a boolean. */
const parameters = addDocument(new Ajv2020({ ...OPTIONS, coerceTypes: true }));

/** The schema at a place in the document, such as `/components/schemas/AlertMetric`. */
export const schemaAt = (pointer: string): object => ({ $ref: `${NAME}#${pointer}` });

/** A validator that is compiled at its first use, since compiling is slow. */
export function validatorOf(schema: object, ajv = bodies): Validator {
  const validator: Validator = (data) => {
    // Ajv keeps what it compiled, by the schema's identity.
    const compiled = ajv.compile(schema);
    const valid = compiled(data);
    validator.errors = compiled.errors ?? null;
    return valid;
  };
  return validator;
}

interface Described {
  readonly operationId: string;
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
}

function describe(path: string, method: string, described: Described): Operation {
  const { operationId, responses } = described;
  const place = `/paths/${path.replaceAll("~", "~0").replaceAll("/", "~1")}/${method}`;
  return {
    id: operationId as OperationId,
    method: method.toUpperCase(),
    path,
    status: Number(Object.keys(responses).find((status) => status.startsWith("2"))),
    listsFaults: JSON.stringify(responses["422"] ?? {}).includes("/ValidationErrors"),
    validPath: parametersIn("path", described),
    validQuery: parametersIn("query", described),
    ...(described.requestBody !== undefined && {
      validBody: validatorOf(schemaAt(`${place}/requestBody/content/application~1json/schema`)),
    }),
  };
}

/** Parameters that are not named are ignored, as the document leaves it. */
function parametersIn(where: string, { parameters: references = [] }: Described): Validator {
  const known: Readonly<Record<string, Parameter>> = document.components.parameters;
  const properties = references.flatMap(({ $ref }) => {
    const parameter = known[$ref.split("/").at(-1) ?? ""];
    if (parameter?.in !== where) return [];
    return [[parameter.name, schemaAt(`${$ref.slice(1)}/schema`)]];
  });
  return validatorOf(
    { type: "object", properties: Object.fromEntries(properties) as object },
    parameters,
  );
}

const OPERATIONS: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries<Described>(methods).map(([method, described]) =>
    describe(path, method, described),
  ),
);

const MATCHERS = OPERATIONS.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

/** The operation of a request, and what its path names, as it was sent. */
export function findOperation(
  method: string,
  path: string,
): { operation: Operation; named: Readonly<Record<string, string>> } | undefined {
  for (const { operation, pattern } of MATCHERS) {
    const match = operation.method === method ? pattern.exec(path) : null;
    if (match !== null) return { operation, named: { ...match.groups } };
  }
  return undefined;
}
