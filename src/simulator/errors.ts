import type { ErrorObject } from "ajv/dist/2020.js";
import type { Schemas } from "./document.js";
import type { ErrorBodyStyle } from "./options.js";

/** An entry of the Alerts API's 422 body. */
type ValidationDetail = Schemas["ValidationError"];

/** An answer of the API that is no success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly detail?: readonly ValidationDetail[],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

const CODES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ["BAD_REQUEST", "Validation error."],
  401: ["UNAUTHORIZED", "Missing or invalid API key."],
  403: ["FORBIDDEN", "Forbidden."],
  404: ["NOT_FOUND", "Resource not found."],
  408: ["REQUEST_TIMEOUT", "Request timed out."],
  409: ["CONFLICT", "Resource limit exceeded."],
  413: ["PAYLOAD_TOO_LARGE", "Request body is too large."],
  422: ["UNPROCESSABLE_ENTITY", "Validation error or malformed resource ID."],
  429: ["RATE_LIMITED", "Too many requests."],
  500: ["INTERNAL_SERVER_ERROR", "Internal server error."],
  502: ["BAD_GATEWAY", "Monitoring backend sync failure."],
  503: ["SERVICE_UNAVAILABLE", "Service unavailable."],
  504: ["GATEWAY_TIMEOUT", "Gateway timeout."],
};

/** The API's error for a status, with the documents' description where no message is given. */
export function apiError(status: number, message?: string): ApiError {
  const [code, description] = CODES[status] ?? ["ERROR", `Status ${status}.`];
  return new ApiError(status, code, message ?? description);
}

const TYPES: Readonly<Record<string, string>> = {
  required: "missing",
  additionalProperties: "extra_forbidden",
  minLength: "string_too_short",
  maxLength: "string_too_long",
  pattern: "string_pattern_mismatch",
  minItems: "too_short",
  minimum: "greater_than_equal",
  maximum: "less_than_equal",
};

/** A request that breaks a schema: 400 for the query string, 422 for the path and the body. */
export function validationError(
  place: "path" | "query" | "body",
  errors: readonly ErrorObject[],
): ApiError {
  const detail = errors.map((error): ValidationDetail => {
    const { missingProperty, additionalProperty } = error.params as Record<string, unknown>;
    const named = [missingProperty, additionalProperty].filter((name) => typeof name === "string");
    return {
      loc: [place, ...pointer(error.instancePath), ...named],
      msg: messageOf(error),
      type: TYPES[error.keyword] ?? error.keyword,
    };
  });
  const message = detail.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; ");
  return place === "query"
    ? apiError(400, message)
    : new ApiError(422, "UNPROCESSABLE_ENTITY", message, detail);
}

function messageOf({ keyword, message, params }: ErrorObject): string {
  if (keyword === "required") return "Field required";
  if (keyword === "additionalProperties") return "Extra inputs are not permitted";
  if (keyword === "enum") {
    return `must be one of ${(params["allowedValues"] as unknown[]).join(", ")}`;
  }
  return message ?? "is not valid";
}

/** The steps of a JSON pointer; array positions as numbers. */
function pointer(path: string): (string | number)[] {
  return path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

export function errorBody(error: ApiError, correlationId: string, style: ErrorBodyStyle): unknown {
  if (style === "message") return { message: error.message };
  return {
    success: false,
    error: error.message,
    error_id: correlationId,
    error_code: error.code,
    error_message: error.message,
    data: null,
  };
}
