import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from "fastify";
import type { DeliveryEvent } from "./delivery-types.js";
import type { Fault } from "./faults.js";
import { faultSchema } from "./fault-schema.js";
import type { EndpointSettings } from "./model.js";
import { isLoopback } from "./receivers.js";
import { EVENT_TYPES, METRICS, requestSchemas, type JsonSchema } from "./schemas.js";
import type { SimulatorCore } from "./core.js";
import type { AccountChoice, MetricValue } from "./simulator.js";

const string = { type: "string" };
const count = { type: "integer", minimum: 0 };
const object = (properties: Record<string, unknown>, required: string[] = []): JsonSchema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const endpointFields = requestSchemas.updateEndpoint["properties"] as Record<string, unknown>;

const bodies = {
  fault: faultSchema,
  latency: object({ milliseconds: count }, ["milliseconds"]),
  receiver: object({ from: string, to: string }, ["from", "to"]),
  endpoints: object({
    count: { type: "integer", minimum: 1, maximum: 100_000 },
    account: string,
    ...endpointFields,
  }),
  delivery: object(
    {
      type: { enum: EVENT_TYPES },
      id: string,
      data: { type: "object" },
      signWith: { type: "string", minLength: 1 },
    },
    ["type"],
  ),
  metric: object(
    {
      metric: { enum: METRICS },
      value: { type: ["integer", "null"] },
      projectId: { type: ["string", "null"] },
      account: string,
    },
    ["metric", "value"],
  ),
  evaluation: object({ account: string }),
};

const endpointId = (request: FastifyRequest): string => (request.params as { id: string }).id;

/** What the simulator's own methods do, for another process: JSON in, JSON out. */
export const controlRoutes =
  (core: SimulatorCore): FastifyPluginAsync =>
  async (app) => {
    guard(app);

    app.get("/", async () => ({
      name: "PolyAI API simulator",
      accounts: core.accountNames,
    }));

    app.get("/requests", async () => ({ data: core.requests }));
    app.delete("/requests", async (_request, reply) => {
      core.log.clear();
      return reply.code(204).send();
    });

    app.get("/faults", async () => ({ data: core.faults.list() }));
    app.post("/faults", { schema: { body: bodies.fault } }, async (request, reply) => {
      reply.code(201);
      return { id: core.faults.set(request.body as Fault) };
    });
    app.delete("/faults", async (_request, reply) => {
      core.faults.clear();
      return reply.code(204).send();
    });
    app.delete("/faults/:id", async (request, reply) => {
      core.faults.clear(endpointId(request));
      return reply.code(204).send();
    });

    app.put("/latency", { schema: { body: bodies.latency } }, async (request) => {
      const { milliseconds } = request.body as { milliseconds: number };
      core.setLatency(milliseconds);
      return { milliseconds };
    });
    app.post("/receivers", { schema: { body: bodies.receiver } }, async (request, reply) => {
      const { from, to } = request.body as { from: string; to: string };
      core.setReceiver(from, to);
      reply.code(201);
      return { from, to };
    });

    app.post("/endpoints", { schema: { body: bodies.endpoints } }, async (request, reply) => {
      const { count: wanted = 1, ...settings } = request.body as Partial<EndpointSettings> &
        AccountChoice & { count?: number };
      reply.code(201);
      return { data: await core.seedEndpoints(wanted, settings) };
    });
    app.delete("/endpoints/:id", async (request, reply) => {
      await core.deleteEndpoint(endpointId(request));
      return reply.code(204).send();
    });
    app.get("/endpoints/:id/secret", async (request) => ({
      signing_secret: core.currentSecret(endpointId(request)),
      rotations: core.rotations(endpointId(request)),
    }));
    app.post("/endpoints/:id/rotate", async (request) => ({
      signing_secret: await core.rotateSecret(endpointId(request)),
    }));
    app.post("/endpoints/:id/deliver", { schema: { body: bodies.delivery } }, async (request) => {
      const { signWith, ...event } = request.body as DeliveryEvent & { signWith?: string };
      return core.deliver(endpointId(request), event, signWith === undefined ? {} : { signWith });
    });

    app.get("/deliveries", async () => ({ data: core.listDeliveries() }));
    app.put("/metrics", { schema: { body: bodies.metric } }, async (request) => ({
      data: await core.setMetric(request.body as MetricValue),
    }));
    app.post("/evaluate", { schema: { body: bodies.evaluation } }, async (request) => ({
      data: await core.evaluate(request.body as AccountChoice),
    }));
  };

/**
 * The control routes show secrets, so no page in a browser may reach them: neither by a name
 * that resolves to this machine (Host), nor by a request across sites (Origin).
 */
function guard(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    const url = `http://${request.headers.host ?? ""}`;
    const local = URL.canParse(url) && isLoopback(new URL(url));
    if (!local || request.headers.origin !== undefined) {
      return reply.code(403).send({ message: "The simulator's control is for this machine only." });
    }
    return undefined;
  });
  app.addHook("preValidation", async (request) => {
    if (!(request.body instanceof Buffer)) {
      request.body ??= {};
      return;
    }
    const text = request.body.toString();
    request.body = text === "" ? {} : (JSON.parse(text) as unknown);
  });
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ message: "The simulator's control has no such path." }),
  );
  app.setErrorHandler(
    async (error: Error & { validation?: unknown; statusCode?: number }, _request, reply) => {
      const ofTheCaller =
        error.validation !== undefined ||
        error instanceof SyntaxError ||
        error instanceof TypeError ||
        error instanceof RangeError;
      const notFound = error instanceof RangeError;
      return reply
        .code(notFound ? 404 : ofTheCaller ? 400 : (error.statusCode ?? 500))
        .send({ message: error.message });
    },
  );
}
