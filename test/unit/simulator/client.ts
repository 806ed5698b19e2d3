import {
  startSimulator,
  type OperationId,
  type Simulator,
  type SimulatorOptions,
} from "../../../src/simulator/index.js";
import { assertDocumented, operationCalled } from "../../support/api-document.js";
import { closeAll, serve, type Seen } from "../polyai/server.js";

export interface CallOptions {
  readonly id?: string;
  readonly query?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly apiKey?: string | null;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // The tests look into bodies freely; they have been held against the document.
  readonly body: never;
}

/** Calls an operation and holds the answer against the documented shape for its status. */
export async function call(
  simulator: Simulator,
  operation: OperationId,
  options: CallOptions = {},
): Promise<ApiAnswer> {
  const answer = await fetchOperation(simulator, operation, options);
  const text = await answer.text();
  const body = text === "" ? undefined : (JSON.parse(text) as unknown);
  const correlationId = answer.headers.get("x-polyai-correlation-id");
  if (!correlationId) throw new Error(`${operation} lacks X-PolyAI-Correlation-Id`);
  assertDocumented(operation, answer.status, body);
  const { error_id: errorId = correlationId } = (body ?? {}) as { error_id?: string };
  if (errorId !== correlationId)
    throw new Error(`${operation}: error_id is not the correlation id`);
  return { status: answer.status, headers: answer.headers, body: body as never };
}

/** Calls an operation and leaves the answer as it comes. */
export function fetchOperation(
  simulator: Simulator,
  operation: OperationId,
  { id = "", query = "", body, rawBody, headers, apiKey = simulator.apiKey }: CallOptions = {},
): Promise<Response> {
  const { method, path } = operationCalled(operation);
  const payload = body === undefined ? rawBody : JSON.stringify(body);
  return fetch(simulator.url + path.replace(/\{\w+\}/, id) + query, {
    method,
    redirect: "manual",
    headers: {
      ...(apiKey === null ? {} : { "x-api-key": apiKey }),
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
}

export type Received = Seen;

/** A simulator for each test of the file, which delivers to a receiver. */
export function withReceiver(options: SimulatorOptions = {}) {
  const here = {} as {
    simulator: Simulator;
    receiver: {
      readonly url: string;
      readonly received: readonly Received[];
      /** Answers, one after another; then 200. `"hang"` never answers, `"cut"` hangs up. */
      readonly answers: (number | "hang" | "cut")[];
    };
  };
  beforeEach(async () => {
    const answers: typeof here.receiver.answers = [];
    const { url, seen: received } = await serve((response, _, { socket }) => {
      const answer = answers.shift() ?? 200;
      if (answer === "cut") socket.destroy();
      else if (answer !== "hang") response.writeHead(answer, { location: "/elsewhere" }).end("{}");
    });
    here.receiver = { url: `${url}/hook`, received, answers };
    here.simulator = await startSimulator({ deliverTo: { "*": `${url}/hook` }, ...options });
  });
  afterEach(async () => {
    await here.simulator.close();
    await closeAll();
  });
  return here;
}
