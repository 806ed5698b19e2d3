import type { ErrorObject } from "ajv/dist/2020.js";
import { problemsOf, responses, type Place, type Schemas } from "./document.js";

/** An entry of the Alerts API's 422 body. */
type ValidationDetail = Schemas["ValidationError"];

/** Names of the errors: the document's, and others that a server or proxy may answer. */
const NAMES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  408: "RequestTimeout",
  409: "Conflict",
  413: "PayloadTooLarge",
  422: "UnprocessableEntity",
  429: "RateLimited",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};

const described: Readonly<Record<string, { readonly description: string }>> = responses;

/** An answer of the API that is no success, with the document's description by default. */
export class ApiError extends Error {
  readonly code: string;

  constructor(
    readonly status: number,
    message?: string,
    readonly detail?: readonly ValidationDetail[],
  ) {
    const name = NAMES[status] ?? "Error";
    const words = name.replaceAll(/\B[A-Z]/g, " $&");
    super(message ?? described[name]?.description ?? `${words}.`);
    this.name = "ApiError";
    this.code = words.replaceAll(" ", "_").toUpperCase();
  }
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

/** How an error is written: the document's envelope, or only `{ "message": … }`. */
export type ErrorBodyStyle = "envelope" | "message";

export function errorBody(
  error: ApiError,
  correlationId: string,
  style: ErrorBodyStyle,
  listsProblems: boolean,
): Schemas["Error"] | Schemas["ErrorMessage"] | Schemas["HTTPValidationError"] {
  const { message, code, detail } = error;
  if (style === "message") return { message };
  if (listsProblems && detail !== undefined) return { detail };
  return {
    success: false,
    error: message,
    error_id: correlationId,
    error_code: code,
    error_message: message,
    data: null,
  };
}
