import { Ajv2020, type ErrorObject, type Options } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import document from "../../api/openapi.json";
import { DOCUMENT } from "./document.js";
import { ApiError } from "./errors.js";

// Nothing that is exported names a type of ajv, since the package's declarations have no ajv.

/** Place of a value in a request. */
export type Place = "path" | "query" | "body";

// The schemas are part of the program, and checking them would take half of a start.
const OPTIONS: Options = {
  allErrors: true,
  strict: false,
  strictNumbers: true,
  validateSchema: false,
};

function validator(options: Options): Ajv2020 {
  const ajv = new Ajv2020({ ...OPTIONS, ...options });
  addFormats(ajv);
  ajv.addSchema(document, DOCUMENT);
  return ajv;
}
const bodies = validator({ useDefaults: true });
/** Values in a URL are text: "true" is a boolean there. Unknown parameters are dropped. */
const parameters = validator({ coerceTypes: true, removeAdditional: true });

/** Problems of a value; fills in defaults. A schema is compiled at its first use. */
function problemsOf(schema: object, value: unknown, place: Place = "body"): ErrorObject[] {
  const ajv = place === "body" ? bodies : parameters;
  return ajv.validate(schema, value) ? [] : (ajv.errors ?? []);
}

/** @throws ApiError 400 for a query string that breaks its schema, 422 for a path or body */
export function check(schema: object, value: unknown, place: Place): void {
  const problems = problemsOf(schema, value, place);
  if (problems.length === 0) return;
  const detail = problems.map((problem) => ({
    loc: placeOf(problem, place),
    msg: messageOf(problem),
    type: problem.keyword,
  }));
  const message = sentence(problems, place);
  throw place === "query" ? new ApiError(400, message) : new ApiError(422, message, detail);
}

/** @throws TypeError if an argument of the simulator's own breaks its schema */
export function checkArgument(schema: object, value: unknown, name: string): void {
  const problems = problemsOf(schema, value);
  if (problems.length > 0) throw new TypeError(sentence(problems, name));
}

const sentence = (problems: readonly ErrorObject[], name: string): string =>
  problems
    .map((problem) => `${placeOf(problem, name).join(".")}: ${messageOf(problem)}`)
    .join("; ");

function messageOf({ keyword, message = "is not valid", params }: ErrorObject): string {
  if (keyword === "required") return "Field required";
  if (keyword === "additionalProperties") return "Extra inputs are not permitted";
  if (keyword !== "enum") return message;
  return `must be one of ${(params["allowedValues"] as unknown[]).join(", ")}`;
}

/** The path to the problem; array positions are numbers. */
function placeOf({ instancePath, params }: ErrorObject, name: string): (string | number)[] {
  const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
  const steps = instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return [name, ...steps, ...[missingProperty ?? additionalProperty ?? []].flat()];
}
