import type { DeliveryEvent } from "./delivery-types.js";
import { schemaAt } from "./document.js";
import { checkArgument } from "./errors.js";
import type { Fault } from "./fault.js";
import type { EndpointSettings } from "./model.js";
import { isLoopback } from "./receivers.js";
import type { MetricValue, Simulation } from "./simulation.js";

export const CONTROL_PREFIX = "/_simulator";

export interface ControlRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly body: string;
}

export interface ControlAnswer {
  readonly status: number;
  readonly text: string;
}

interface Route {
  /** Gives the answer's body; undefined for none. */
  readonly run: (simulation: Simulation, id: string, body: never) => unknown;
  /** Schema of the request's body, if the method does not check it. */
  readonly takes?: object;
}

const string = { type: "string" };
const object = (properties: object, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const duration = object({ milliseconds: { type: "integer", minimum: 0 } });

/** By method and path; `*` is an id. */
const ROUTES: Readonly<Record<string, Route>> = {
  "GET /": { run: () => ({ name: "PolyAI API simulator" }) },
  "GET /requests": { run: (simulation) => ({ data: simulation.requests }) },
  "DELETE /requests": { run: (simulation) => simulation.clearRequests() },
  "GET /faults": { run: (simulation) => ({ data: simulation.activeFaults }) },
  "POST /faults": { run: (simulation, _id, fault: Fault) => ({ id: simulation.setFault(fault) }) },
  "DELETE /faults": { run: (simulation) => simulation.clearFaults() },
  "DELETE /faults/*": { run: (simulation, id) => simulation.clearFaults(id) },
  "PUT /latency": {
    takes: duration,
    run(simulation, _id, body: { milliseconds: number }) {
      simulation.setLatency(body.milliseconds);
      return body;
    },
  },
  "POST /advance": {
    takes: duration,
    async run(simulation, _id, { milliseconds }: { milliseconds: number }) {
      await simulation.advance(milliseconds);
      return { now: simulation.now().toISOString() };
    },
  },
  "POST /receivers": {
    takes: object({ from: string, to: string }),
    run(simulation, _id, body: { from: string; to: string }) {
      simulation.setReceiver(body.from, body.to);
      return body;
    },
  },
  "POST /endpoints": {
    takes: {
      type: "object",
      properties: { count: { type: "integer", minimum: 1, maximum: 100_000 } },
    },
    async run(simulation, _id, body: Partial<EndpointSettings> & { count?: number }) {
      const { count = 1, ...settings } = body;
      return { data: await simulation.seedEndpoints(count, settings) };
    },
  },
  "DELETE /endpoints/*": { run: (simulation, id) => simulation.deleteEndpoint(id) },
  "GET /endpoints/*/secret": {
    run: (simulation, id) => ({
      signing_secret: simulation.currentSecret(id),
      rotations: simulation.rotations(id),
    }),
  },
  "POST /endpoints/*/rotate": {
    run: async (simulation, id) => ({ signing_secret: await simulation.rotateSecret(id) }),
  },
  "POST /endpoints/*/deliver": {
    takes: object(
      {
        type: schemaAt("/components/schemas/WebhookEventType"),
        id: string,
        data: { type: "object" },
        signWith: { type: "string", minLength: 1 },
      },
      ["type"],
    ),
    run: (simulation, id, { signWith, ...event }: DeliveryEvent & { signWith?: string }) =>
      simulation.deliver(id, event, signWith === undefined ? {} : { signWith }),
  },
  "GET /deliveries": { run: (simulation) => ({ data: simulation.deliveries }) },
  "PUT /metrics": {
    takes: object(
      {
        metric: schemaAt("/components/schemas/AlertMetric"),
        value: { type: ["integer", "null"] },
        projectId: { type: ["string", "null"] },
      },
      ["metric", "value"],
    ),
    run: async (simulation, _id, value: MetricValue) => ({
      data: await simulation.setMetric(value),
    }),
  },
  "POST /evaluate": { run: async (simulation) => ({ data: await simulation.evaluate() }) },
};

const MATCHERS = Object.entries(ROUTES).map(([on, route]) => ({
  route,
  pattern: new RegExp(`^${on.replaceAll("*", "([^/]+)")}$`),
}));

/** Does for another process what the simulator's own methods do: JSON in, JSON out. */
export async function controlAnswer(
  simulation: Simulation,
  request: ControlRequest,
): Promise<ControlAnswer> {
  if (!isAllowed(request)) {
    return failure(403, "The simulator's control is for this machine only.");
  }
  const [path = ""] = request.target.slice(CONTROL_PREFIX.length).split("?", 1);
  const call = `${request.method} ${path}`;
  const found = MATCHERS.find(({ pattern }) => pattern.test(call));
  if (found === undefined) return failure(404, "The simulator's control has no such path.");
  const { route, pattern } = found;
  try {
    const body = (request.body === "" ? {} : JSON.parse(request.body)) as never;
    if (route.takes) checkArgument(route.takes, body, "body");
    const result = await route.run(simulation, pattern.exec(call)?.[1] ?? "", body);
    return result === undefined
      ? { status: 204, text: "" }
      : { status: 200, text: JSON.stringify(result) };
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof RangeError) return failure(404, message);
    return failure(error instanceof SyntaxError || error instanceof TypeError ? 400 : 500, message);
  }
}

/**
 * The control routes show secrets, so no page in a browser may reach them: neither by a name
 * that resolves to this machine (Host), nor by a request across sites (Origin).
 */
function isAllowed({ host = "", origin }: ControlRequest): boolean {
  const url = `http://${host}`;
  return origin === undefined && URL.canParse(url) && isLoopback(new URL(url));
}

const failure = (status: number, message: string): ControlAnswer => ({
  status,
  text: JSON.stringify({ message }),
});
