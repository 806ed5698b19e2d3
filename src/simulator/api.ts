import { randomUUID } from "node:crypto";
import { CORRELATION_HEADER } from "../facts.js";
import { json, spoil, whole, type Answer, type Outcome } from "./answer.js";
import { Clock } from "./clock.js";
import { findOperation } from "./document.js";
import { ApiError } from "./errors.js";
import { ActiveFault, actsFirst, type Fault } from "./fault.js";
import type { Open } from "./model.js";
import { handlers } from "./operations.js";
import { DEMO_API_KEY, type RequestLogEntry, type SimulatorOptions } from "./options.js";
import { Store } from "./store.js";
import { check } from "./validation.js";

/** A request as it reaches the API. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query string. */
  readonly target: string;
  readonly apiKey?: string | undefined;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
}

type Entry = Open<RequestLogEntry>;
type Found = ReturnType<typeof findOperation>;

const MAX_BODY_BYTES = 1024 * 1024;

/** The API of one account, without HTTP: a request goes in, an outcome comes out. */
export class Api {
  /** The API key that it takes. */
  readonly apiKey: string;
  protected readonly clock: Clock;
  protected readonly store: Store;
  readonly #latencyMs: number;
  readonly #faults = new Map<string, ActiveFault>();
  #faultsSoFar = 0;
  #log: Entry[] = [];

  /** @throws TypeError if the API key is empty */
  constructor(options: SimulatorOptions) {
    const { apiKey = DEMO_API_KEY, latencyMs = 0 } = options;
    if (apiKey === "") throw new TypeError("The simulator's API key is empty");
    this.apiKey = apiKey;
    this.clock = new Clock(options.now);
    this.store = new Store(() => this.clock.now());
    this.#latencyMs = latencyMs;
  }

  /** The calls of the API so far, oldest first; a copy. */
  get requests(): readonly RequestLogEntry[] {
    return this.#log.map((entry) => ({ ...entry }));
  }

  clearRequests(): void {
    this.#log = [];
  }

  /**
   * Switches a fault on; gives an id for {@link clearFaults}. If several match a call, it meets the
   * first that was set.
   *
   * @throws TypeError if a field is wrong, missing or not of this kind
   */
  setFault(fault: Fault): string {
    const id = `fault-${++this.#faultsSoFar}`;
    this.#faults.set(id, new ActiveFault(fault));
    return id;
  }

  /** Switches one fault off, or all of them. */
  clearFaults(id?: string): void {
    if (id === undefined) this.#faults.clear();
    else this.#faults.delete(id);
  }

  /** Takes a request in. The caller decides when it acts, and when it is answered. */
  begin(request: ApiRequest) {
    const [path = ""] = request.target.split("?", 1);
    const found = findOperation(request.method, path);
    const id = Object.values(found?.named ?? {})[0] ?? null;
    const meets = (active: ActiveFault) => found && active.meets(found.operation.id, id);
    const fault = [...this.#faults.values()].find(meets)?.fault;
    const entry: Entry = {
      correlationId: randomUUID(),
      method: request.method,
      path,
      operation: found?.operation.id ?? null,
      resourceId: id,
      status: null,
      acted: false,
      fault: fault?.kind ?? null,
      startedAt: this.clock.now().getTime(),
      endedAt: null,
    };
    this.#log.push(entry);
    const isLate = fault?.kind === "slow" && !fault.afterActing;
    return {
      /** How long the API waits before it acts. */
      waitMs: this.#latencyMs + (isLate ? fault.delayMs : 0),
      /** Carries the request out, and says what the caller gets to see. To be called once. */
      act: (): Outcome => {
        const outcome = this.#outcome(request, found, entry, isLate ? undefined : fault);
        entry.status = outcome.answer?.status ?? null;
        return outcome;
      },
      /** Notes that the answer is out, or the connection gone. */
      end: (): void => {
        entry.endedAt ??= this.clock.now().getTime();
      },
    };
  }

  #outcome(request: ApiRequest, found: Found, entry: Entry, fault?: Fault): Outcome {
    const { correlationId } = entry;
    const headers = { [CORRELATION_HEADER]: correlationId };
    const failure = (error: ApiError): Answer => {
      const body = error.body(correlationId, found?.operation.listsProblems ?? false);
      return json(error.status, body, headers);
    };
    const act = (): Answer => {
      try {
        if (request.apiKey !== this.apiKey) throw new ApiError(401);
        if (found === undefined) throw new ApiError(404);
        const body = this.#carryOut(request, found);
        entry.acted = true;
        const { status } = found.operation;
        return body === undefined ? { status, text: "", headers } : json(status, body, headers);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return failure(error);
      }
    };
    if (fault === undefined) return whole(act());
    const right = actsFirst(fault) ? act() : json(200, {}, headers);
    return spoil(fault, right, (status, message) => failure(new ApiError(status, message)));
  }

  /** @throws ApiError */
  #carryOut(request: ApiRequest, { operation, named }: NonNullable<Found>): unknown {
    const { target, contentType, body: text = "" } = request;
    if (Buffer.byteLength(text) > MAX_BODY_BYTES) throw new ApiError(413);
    const { takes } = operation;
    const body = takes.body && parseJson(contentType, text);
    const query = Object.fromEntries(new URL(target, "http://localhost").searchParams);
    check(takes.path, named, "path");
    if (takes.body) check(takes.body, body, "body");
    check(takes.query, query, "query");
    const id = Object.values(named)[0] ?? "";
    return handlers[operation.id]({ store: this.store, id, query, body: body as never });
  }
}

function parseJson(contentType = "", text: string): unknown {
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType)) {
    const message = "The request body must be JSON, with the content type application/json.";
    throw new ApiError(400, message);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError(400, "The request body is not valid JSON.");
  }
}
