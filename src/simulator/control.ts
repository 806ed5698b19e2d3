import type { DeliveryEvent } from "./delivery-types.js";
import { schemaAt, validatorOf, type Validator } from "./documented-operations.js";
import { validationError } from "./errors.js";
import { faultSchema } from "./fault-schema.js";
import type { Fault } from "./faults.js";
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

/** Gives the answer's body; undefined for none. */
type Route = (simulation: Simulation, id: string, body: never) => unknown;

/** By method and path; `*` is an id. */
const ROUTES: Readonly<Record<string, Route>> = {
  "GET /": () => ({ name: "PolyAI API simulator" }),
  "GET /requests": (simulation) => ({ data: simulation.requests }),
  "DELETE /requests": (simulation) => simulation.clearRequests(),
  "GET /faults": (simulation) => ({ data: simulation.activeFaults }),
  "POST /faults": (simulation, _id, fault: Fault) => ({ id: simulation.setFault(fault) }),
  "DELETE /faults": (simulation) => simulation.clearFaults(),
  "DELETE /faults/*": (simulation, id) => simulation.clearFaults(id),
  "PUT /latency"(simulation, _id, body: { milliseconds: number }) {
    simulation.setLatency(body.milliseconds);
    return body;
  },
  async "POST /advance"(simulation, _id, body: { milliseconds: number }) {
    await simulation.advance(body.milliseconds);
    return { now: simulation.now().toISOString() };
  },
  "POST /receivers"(simulation, _id, body: { from: string; to: string }) {
    simulation.setReceiver(body.from, body.to);
    return body;
  },
  async "POST /endpoints"(simulation, _id, body: Partial<EndpointSettings> & { count?: number }) {
    const { count = 1, ...settings } = body;
    check(endpointSettings, settings);
    return { data: await simulation.seedEndpoints(count, settings) };
  },
  "DELETE /endpoints/*": (simulation, id) => simulation.deleteEndpoint(id),
  "GET /endpoints/*/secret": (simulation, id) => ({
    signing_secret: simulation.currentSecret(id),
    rotations: simulation.rotations(id),
  }),
  "POST /endpoints/*/rotate": async (simulation, id) => ({
    signing_secret: await simulation.rotateSecret(id),
  }),
  "POST /endpoints/*/deliver"(simulation, id, body: DeliveryEvent & { signWith?: string }) {
    const { signWith, ...event } = body;
    return simulation.deliver(id, event, signWith === undefined ? {} : { signWith });
  },
  "GET /deliveries": (simulation) => ({ data: simulation.deliveries }),
  "PUT /metrics": async (simulation, _id, value: MetricValue) => ({
    data: await simulation.setMetric(value),
  }),
  "POST /evaluate": async (simulation) => ({ data: await simulation.evaluate() }),
};

const string = { type: "string" };
const object = (properties: Record<string, unknown>, ...required: string[]): Validator =>
  validatorOf({ type: "object", properties, required, additionalProperties: false });
const duration = object({ milliseconds: { type: "integer", minimum: 0 } }, "milliseconds");
const endpointSettings = validatorOf(schemaAt("/components/schemas/UpdateWebhookEndpointRequest"));

const BODIES: Readonly<Record<string, Validator>> = {
  "POST /faults": validatorOf(faultSchema),
  "PUT /latency": duration,
  "POST /advance": duration,
  "POST /receivers": object({ from: string, to: string }, "from", "to"),
  "POST /endpoints": validatorOf({
    type: "object",
    properties: { count: { type: "integer", minimum: 1, maximum: 100_000 } },
  }),
  "POST /endpoints/*/deliver": object(
    {
      type: schemaAt("/components/schemas/WebhookEventType"),
      id: string,
      data: { type: "object" },
      signWith: { type: "string", minLength: 1 },
    },
    "type",
  ),
  "PUT /metrics": object(
    {
      metric: schemaAt("/components/schemas/AlertMetric"),
      value: { type: ["integer", "null"] },
      projectId: { type: ["string", "null"] },
    },
    "metric",
    "value",
  ),
};

const MATCHERS = Object.entries(ROUTES).map(([on, run]) => ({
  run,
  body: BODIES[on],
  pattern: new RegExp(`^${on.replaceAll("*", "([^/]+)")}$`),
}));

/** The simulator's own methods, for another process: JSON in, JSON out. */
export async function controlAnswer(
  simulation: Simulation,
  request: ControlRequest,
): Promise<ControlAnswer> {
  if (!isAllowed(request)) {
    return failure(403, "The simulator's control is for this machine only.");
  }
  const [path = ""] = request.target.slice(CONTROL_PREFIX.length).split("?", 1);
  const call = `${request.method} ${path}`;
  const route = MATCHERS.find(({ pattern }) => pattern.test(call));
  if (route === undefined) return failure(404, "The simulator's control has no such path.");
  try {
    const body = (request.body === "" ? {} : JSON.parse(request.body)) as never;
    if (route.body) check(route.body, body);
    const result = await route.run(simulation, route.pattern.exec(call)?.[1] ?? "", body);
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

function check(validator: Validator, body: unknown): void {
  if (validator(body)) return;
  throw new TypeError(validationError("body", validator.errors ?? []).message);
}

const failure = (status: number, message: string): ControlAnswer => ({
  status,
  text: JSON.stringify({ message }),
});
