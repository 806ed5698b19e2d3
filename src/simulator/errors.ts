import { responses, type Schemas } from "./document.js";

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
    /** Entries of the Alerts API's 422 body. */
    readonly detail?: readonly Schemas["ValidationError"][],
  ) {
    const name = NAMES[status] ?? "Error";
    const words = name.replaceAll(/\B[A-Z]/g, " $&");
    super(message ?? described[name]?.description ?? `${words}.`);
    this.name = "ApiError";
    this.code = words.replaceAll(" ", "_").toUpperCase();
  }

  /** The body of its answer. */
  body(
    correlationId: string,
    listsProblems: boolean,
  ): Schemas["Error"] | Schemas["HTTPValidationError"] {
    const { message, code, detail } = this;
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
}
