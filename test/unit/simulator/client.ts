import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import {
  startSimulator,
  type OperationId,
  type Simulator,
  type SimulatorOptions,
} from "../../../src/simulator/index.js";
import { assertDocumented, operationCalled } from "../../support/api-document.js";

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

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly url: string;
}

/** A webhook receiver on this machine. */
async function startReceiver() {
  const received: Received[] = [];
  /** Statuses to answer with, one after another; then 200. `"hang"` never answers, `"cut"` hangs up. */
  const answers: (number | "hang" | "cut")[] = [];
  const server = createServer((request, response) => {
    const { headers, url = "" } = request;
    void buffer(request).then((body) => {
      received.push({ headers, body, url });
      const answer = answers.shift() ?? 200;
      if (answer === "cut") request.socket.destroy();
      else if (answer !== "hang") response.writeHead(answer, { location: "/elsewhere" }).end("{}");
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/hook`, received, answers, close };
}

/** A simulator for each test of the file, which delivers to a receiver. */
export function withReceiver(options: SimulatorOptions = {}) {
  const here = {} as {
    simulator: Simulator;
    receiver: Awaited<ReturnType<typeof startReceiver>>;
  };
  beforeEach(async () => {
    here.receiver = await startReceiver();
    here.simulator = await startSimulator({ deliverTo: { "*": here.receiver.url }, ...options });
  });
  afterEach(async () => {
    await here.simulator.close();
    here.receiver.close();
  });
  return here;
}
