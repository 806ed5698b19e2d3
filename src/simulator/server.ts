import { randomUUID } from "node:crypto";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { ApiError, apiError, errorBody, validationError } from "./errors.js";
import { send, sendSpoilt, type Answer, type Exchange } from "./fault-answers.js";
import { actsFirst, type Fault, type Faults } from "./faults.js";
import type { Account } from "./model.js";
import { operations, type Operation, type OperationId } from "./operations.js";
import type { ErrorBodyStyle } from "./options.js";
import { pause } from "./pause.js";
import type { RequestLog } from "./request-log.js";
import type { JsonSchema } from "./schemas.js";
import { validatorOf } from "./validation.js";

/** What the API's server needs of the simulator it stands in. */
export interface ServerContext {
  accountOf(apiKey: string | undefined): Account | undefined;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly errorBody: ErrorBodyStyle;
  readonly rotateMovesUpdatedAt: boolean;
  readonly closing: AbortSignal;
  now(): Date;
  latencyMs(): number;
  /** Settles when every change so far is in the state file. */
  saved(): Promise<void>;
}

interface ApiExchange extends Exchange {
  /** Shows once the operation is done. */
  faultAfter?: Fault;
  account?: Account;
  operation?: Operation;
}

const CORRELATION_HEADER = "X-PolyAI-Correlation-Id";
export const CONTROL_PREFIX = "/_simulator";

/** The API's HTTP server, not yet listening. */
export function buildServer(context: ServerContext): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // An id of any length is a malformed id (422), not an unknown path.
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: (_error, request, reply) => {
      const exchange = begin(context, request, reply);
      void fail(context, exchange, apiError(422, "Malformed resource ID."));
    },
  });
  app.setValidatorCompiler(({ schema }) => validatorOf(schema as JsonSchema));
  const exchanges = new WeakMap<FastifyRequest, ApiExchange>();
  const exchangeOf = (request: FastifyRequest, reply: FastifyReply): ApiExchange => {
    const exchange = exchanges.get(request) ?? begin(context, request, reply);
    exchanges.set(request, exchange);
    return exchange;
  };

  // The operation decides whether a body is JSON; rotate-secret documents none and takes any.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  app.setErrorHandler(async (error, request, reply) =>
    fail(context, exchangeOf(request, reply), asApiError(error)),
  );
  app.setNotFoundHandler(async (request, reply) => {
    const exchange = exchangeOf(request, reply);
    const known = authenticate(context, request, exchange);
    return fail(context, exchange, apiError(known ? 404 : 401));
  });

  for (const [id, operation] of Object.entries(operations) as [OperationId, Operation][]) {
    app.route({
      method: operation.method,
      url: operation.path,
      schema: {
        ...(operation.params && { params: operation.params }),
        ...(operation.query && { querystring: operation.query }),
        ...(operation.body && { body: operation.body }),
      },
      onRequest: async (request, reply) => {
        const exchange = exchangeOf(request, reply);
        exchange.operation = operation;
        exchange.entry.operation = id;
        exchange.entry.resourceId = resourceId(request) || null;
        await pause(context.latencyMs(), context.closing);
        if (await meetFault(context, exchange, id)) return reply;
        if (context.closing.aborted) return reply.hijack();
        if (!authenticate(context, request, exchange)) throw apiError(401);
        return undefined;
      },
      preValidation: async (request) => {
        request.body = operation.body ? parseJson(request) : undefined;
      },
      handler: async (request, reply) => {
        const exchange = exchangeOf(request, reply);
        return respond(exchange, await carryOut(context, operation, request, exchange));
      },
    });
  }
  return app;
}

function begin(context: ServerContext, request: FastifyRequest, reply: FastifyReply): ApiExchange {
  const correlationId = randomUUID();
  const [path = ""] = request.url.split("?", 1);
  const entry = context.log.open({ correlationId, method: request.method, path });
  reply.header(CORRELATION_HEADER, correlationId);
  reply.raw.once("close", () => {
    entry.endedAt = Date.now();
  });
  return { reply, entry, errorStyle: context.errorBody, closing: context.closing };
}

/** @returns whether the fault took the place of the answer */
async function meetFault(
  context: ServerContext,
  exchange: ApiExchange,
  id: OperationId,
): Promise<boolean> {
  const fault = context.faults.meet(id, exchange.entry.resourceId);
  if (fault === undefined) return false;
  exchange.entry.fault = fault.kind;
  if (actsFirst(fault)) {
    exchange.faultAfter = fault;
    return false;
  }
  if (fault.kind === "slow") {
    await pause(fault.delayMs, context.closing);
    return false;
  }
  await sendSpoilt(exchange, fault, { status: 200, text: "{}" });
  return true;
}

function authenticate(
  context: ServerContext,
  request: FastifyRequest,
  exchange: ApiExchange,
): boolean {
  const key = request.headers["x-api-key"];
  const account = context.accountOf(typeof key === "string" ? key : undefined);
  if (account === undefined) return false;
  exchange.account = account;
  exchange.entry.account = account.name;
  return true;
}

function parseJson(request: FastifyRequest): unknown {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    throw apiError(400, "The request body must be JSON, with the content type application/json.");
  }
  try {
    return JSON.parse(String(request.body)) as unknown;
  } catch {
    throw apiError(400, "The request body is not valid JSON.");
  }
}

async function carryOut(
  context: ServerContext,
  operation: Operation,
  request: FastifyRequest,
  exchange: ApiExchange,
): Promise<Answer> {
  if (exchange.account === undefined) throw apiError(401);
  const body = operation.run({
    account: exchange.account,
    id: resourceId(request),
    query: request.query as Record<string, string | undefined>,
    body: request.body,
    now: context.now(),
    rotateMovesUpdatedAt: context.rotateMovesUpdatedAt,
  });
  exchange.entry.acted = true;
  const text = operation.response === undefined ? "" : JSON.stringify(body);
  if (operation.changes) await context.saved();
  return { status: operation.status, text };
}

function resourceId(request: FastifyRequest): string {
  const { endpoint_id, rule_id } = (request.params ?? {}) as Record<string, string | undefined>;
  return endpoint_id ?? rule_id ?? "";
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { validation, validationContext, statusCode, message } = error as Partial<FastifyError>;
  if (validation !== undefined) return validationError(validationContext ?? "body", validation);
  return apiError(statusCode ?? 500, message);
}

async function fail(
  context: ServerContext,
  exchange: ApiExchange,
  error: ApiError,
): Promise<FastifyReply> {
  const detailed =
    exchange.operation?.api === "alerts" &&
    error.detail !== undefined &&
    context.errorBody === "envelope";
  const body = detailed
    ? { detail: error.detail }
    : errorBody(error, exchange.entry.correlationId, context.errorBody);
  return respond(exchange, { status: error.status, text: JSON.stringify(body) });
}

async function respond(exchange: ApiExchange, answer: Answer): Promise<FastifyReply> {
  const { faultAfter } = exchange;
  return faultAfter === undefined
    ? send(exchange, answer)
    : sendSpoilt(exchange, faultAfter, answer);
}
