import { randomUUID } from "node:crypto";
import { CORRELATION_HEADER } from "../facts.js";
import { whole, type Answer, type Outcome } from "./answer.js";
import type { OperationId } from "./document.js";
import { findOperation, type Operation, type Validator } from "./documented-operations.js";
import { ApiError, apiError, errorBody, validationError } from "./errors.js";
import { actsFirst, spoil, type Fault, type Faults } from "./faults.js";
import { handlers, type Call } from "./operations.js";
import type { ErrorBodyStyle, RequestLogEntry, SimulatorOptions } from "./options.js";
import type { Store } from "./store.js";

/** A request as it reaches the API. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query string. */
  readonly target: string;
  readonly apiKey?: string | undefined;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
}

/** A request that has arrived and is not yet carried out. */
export interface Exchange {
  /** The API waits this long before it acts. */
  readonly waitMs: number;
  readonly log: Readonly<RequestLogEntry>;
  /** Carries the request out, and says what the caller gets to see. To be called once. */
  act(): Outcome;
  /** Notes that the answer is out, or the connection gone. */
  end(): void;
}

/** An entry of the log while its call runs. */
type OpenEntry = { -readonly [Field in keyof RequestLogEntry]: RequestLogEntry[Field] };

const MAX_ENTRIES = 100_000;
const MAX_PATH_LENGTH = 512;
const MAX_BODY_BYTES = 1024 * 1024;

/** The API over a store, without HTTP: a request goes in, an outcome comes out. */
export class Api {
  latencyMs: number;
  readonly #errorStyle: ErrorBodyStyle;
  #log: OpenEntry[] = [];

  constructor(
    private readonly store: Store,
    private readonly faults: Faults,
    private readonly apiKey: string,
    { latencyMs = 0, errorBody: style = "envelope" }: SimulatorOptions,
  ) {
    this.latencyMs = latencyMs;
    this.#errorStyle = style;
  }

  /** A copy: later calls do not change it. */
  requests(): RequestLogEntry[] {
    return this.#log.map((entry) => ({ ...entry }));
  }

  clearRequests(): void {
    this.#log = [];
  }

  /** Takes a request in; the caller decides when it acts, and when its answer arrives. */
  begin(request: ApiRequest): Exchange {
    const [path = ""] = request.target.split("?", 1);
    const found = findOperation(request.method, path);
    const named = decoded(found?.named ?? {});
    const id = Object.values(named)[0] ?? null;
    const fault = found && this.faults.meet(found.operation.id, id);
    const entry: OpenEntry = {
      correlationId: randomUUID(),
      method: request.method,
      path: path.slice(0, MAX_PATH_LENGTH),
      operation: found?.operation.id ?? null,
      resourceId: id,
      status: null,
      acted: false,
      fault: fault?.kind ?? null,
      startedAt: Date.now(),
      endedAt: null,
    };
    this.#log.push(entry);
    if (this.#log.length > MAX_ENTRIES) this.#log.splice(0, MAX_ENTRIES / 10);
    const slow = fault?.kind === "slow" && !actsFirst(fault) ? fault.delayMs : 0;
    return {
      waitMs: this.latencyMs + slow,
      log: entry,
      act: () => {
        const outcome = this.#outcome(request, found?.operation, named, entry, fault);
        entry.status = outcome.answer?.status ?? null;
        return outcome;
      },
      end() {
        entry.endedAt ??= Date.now();
      },
    };
  }

  #outcome(
    request: ApiRequest,
    operation: Operation | undefined,
    named: Readonly<Record<string, string>>,
    entry: OpenEntry,
    fault: Fault | undefined,
  ): Outcome {
    const failure = (error: ApiError) => this.#failure(error, entry, operation);
    const act = (): Answer => {
      try {
        if (request.apiKey !== this.apiKey) throw apiError(401);
        if (operation === undefined) throw apiError(404);
        const text = this.#carryOut(request, operation, named);
        entry.acted = true;
        return answer(operation.status, text, entry);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return failure(error);
      }
    };
    if (fault === undefined || (fault.kind === "slow" && !actsFirst(fault))) return whole(act());
    const right = actsFirst(fault) ? act() : answer(200, "{}", entry);
    return spoil(fault, right, (status, message) =>
      answer(status, this.#errorText(apiError(status, message), entry), entry),
    );
  }

  /** @throws ApiError */
  #carryOut(
    { target, contentType, body = "" }: ApiRequest,
    operation: Operation,
    named: Readonly<Record<string, string>>,
  ): string {
    if (Buffer.byteLength(body) > MAX_BODY_BYTES) throw apiError(413);
    const json = operation.validBody && parseJson(contentType, body);
    const query = queryOf(target);
    check("path", operation.validPath, named);
    if (operation.validBody) check("body", operation.validBody, json);
    check("query", operation.validQuery, query);
    const handle = handlers[operation.id] as (call: Call<OperationId>) => unknown;
    const call = { store: this.store, id: Object.values(named)[0] ?? "", query, body: json };
    const result = handle(call as Call<OperationId>);
    return result === undefined ? "" : JSON.stringify(result);
  }

  #failure(error: ApiError, entry: OpenEntry, operation: Operation | undefined): Answer {
    const detailed =
      error.detail !== undefined &&
      operation?.listsFaults === true &&
      this.#errorStyle === "envelope";
    const text = detailed
      ? JSON.stringify({ detail: error.detail })
      : this.#errorText(error, entry);
    return answer(error.status, text, entry);
  }

  #errorText(error: ApiError, { correlationId }: OpenEntry): string {
    return JSON.stringify(errorBody(error, correlationId, this.#errorStyle));
  }
}

function answer(status: number, text: string, { correlationId }: OpenEntry): Answer {
  const headers = {
    [CORRELATION_HEADER]: correlationId,
    ...(text !== "" && { "content-type": "application/json" }),
  };
  return { status, text, headers };
}

function check(place: "path" | "query" | "body", validator: Validator, value: unknown): void {
  if (!validator(value)) throw validationError(place, validator.errors ?? []);
}

/** Broken percent-encoding stays as it is, and no id's pattern takes it. */
function decoded(named: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(named).map(([name, text]) => {
      try {
        return [name, decodeURIComponent(text)];
      } catch {
        return [name, text];
      }
    }),
  );
}

/** A parameter that is given twice is a list. */
function queryOf(target: string): Record<string, unknown> {
  const parameters = new URL(target, "http://localhost").searchParams;
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function parseJson(contentType = "", text: string): unknown {
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType)) {
    throw apiError(400, "The request body must be JSON, with the content type application/json.");
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw apiError(400, "The request body is not valid JSON.");
  }
}
