import document from "../../api/openapi.json";
import type { components, operations } from "../generated/openapi.js";

export type Schemas = components["schemas"];
/** The document's `operationId`s. */
export type OperationId = keyof operations;

export const { schemas, responses } = document.components;

/** Name of the document in `$ref`. */
export const DOCUMENT = "polyai";

/** The schema at a place in the document, such as `/components/schemas/AlertMetric`. */
export const schemaAt = (pointer: string): object => ({ $ref: `${DOCUMENT}#${pointer}` });

/** The schema of an object with no other fields than these. */
export const objectWith = (properties: object, ...required: string[]): object => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

interface Described {
  readonly operationId: string;
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

/** An operation as it is carried out. */
function describe(path: string, method: string, described: Described) {
  const place = `/paths/${path.replaceAll("/", "~1")}/${method}`;
  const body = schemaAt(`${place}/requestBody/content/application~1json/schema`);
  return {
    id: described.operationId as OperationId,
    /** Status of success. */
    status: Number(Object.keys(described.responses).find((status) => status.startsWith("2"))),
    /** True if a 422 lists each problem with its place, instead of the envelope. */
    listsProblems: JSON.stringify(described.responses["422"] ?? {}).includes("/ValidationErrors"),
    /** Schemas of its parameters; of its body, if it takes one. */
    takes: {
      path: parametersIn("path", described),
      query: parametersIn("query", described),
      body: described.requestBody && body,
    },
  };
}

function parametersIn(where: "path" | "query", { parameters: references = [] }: Described): object {
  const known: Readonly<Record<string, { name: string; in: string }>> =
    document.components.parameters;
  const properties = references.flatMap(({ $ref }) => {
    const parameter = known[$ref.split("/").at(-1) ?? ""];
    if (parameter?.in !== where) return [];
    return [[parameter.name, schemaAt(`${$ref.slice(1)}/schema`)]];
  });
  return objectWith(Object.fromEntries(properties) as object);
}

const ROUTES = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries<Described>(methods).map(([method, described]) => ({
    operation: describe(path, method, described),
    pattern: new RegExp(
      `^${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`,
    ),
  })),
);

export const OPERATION_IDS = ROUTES.map(({ operation }) => operation.id);

/** The operation of a request, and the parameters in its path. */
export function findOperation(method: string, path: string) {
  for (const { operation, pattern } of ROUTES) {
    const match = pattern.exec(`${method} ${path}`);
    if (match !== null) return { operation, named: { ...match.groups } };
  }
  return undefined;
}

/** PolyAI's waits before each attempt of a delivery, in milliseconds. */
export const WAITS_MS: readonly number[] = document["x-deliveries"].wait_minutes.map(
  (minutes) => minutes * 60_000,
);

/** True if PolyAI sends a delivery again that got this status; null: it got none. */
export const isRetried = (status: number | null): boolean =>
  status === null ||
  document["x-deliveries"].retried_statuses.some((form) =>
    new RegExp(`^${form.replaceAll("X", "\\d")}$`).test(String(status)),
  );
