/**
 * PolyAI's Webhooks and Alerts APIs in one process, for tests, demos and work without an account:
 * same paths, same validation, same errors, signed deliveries, and faults on demand.
 *
 * @packageDocumentation
 */
import { controlRoutes } from "./control-routes.js";
import { SimulatorCore } from "./core.js";
import type { SimulatorOptions } from "./options.js";
import { CONTROL_PREFIX, buildServer } from "./server.js";
import type { Simulator } from "./simulator.js";

export { DEMO_API_KEY } from "./options.js";
export { RETRY_SCHEDULE_MS } from "./deliveries.js";
export {
  ACCOUNT_LIMITS,
  EVENT_TYPES,
  METRICS,
  OPERATORS,
  RULE_STATES,
  WINDOW_DURATIONS,
} from "./schemas.js";
export { OPERATION_IDS, type OperationId } from "./operations.js";
export type { ErrorBodyStyle, RequestLogEntry, SimulatorOptions } from "./options.js";
export type { Fault, FaultKind, FaultScope } from "./faults.js";
export type {
  Delivery,
  DeliveryAttempt,
  DeliveryEvent,
  DeliveryStatus,
  SkipReason,
} from "./delivery-types.js";
export type {
  AlertRule,
  EndpointSettings,
  EventType,
  Metric,
  Operator,
  RuleSettings,
  RuleState,
  WebhookEndpoint,
  WindowDuration,
} from "./model.js";
export type { AccountChoice, EndpointWithSecret, MetricValue, Simulator } from "./simulator.js";

/**
 * Starts a simulator on 127.0.0.1.
 *
 * The same controls stand under `/_simulator/` for another process on this machine, JSON in and
 * out, without a key: `GET` and `DELETE requests`; `GET`, `POST` and `DELETE faults`,
 * `DELETE faults/ID`; `PUT latency {milliseconds}`; `POST receivers {from, to}`;
 * `POST endpoints {count, …settings}`, `DELETE endpoints/ID`, `GET endpoints/ID/secret`,
 * `POST endpoints/ID/rotate`, `POST endpoints/ID/deliver {type, id, data, signWith}`;
 * `GET deliveries`; `PUT metrics {metric, value, projectId, account}`; `POST evaluate {account}`.
 *
 * @throws Error if the port is taken, or an option or the state file cannot be used
 *
 * @example
 * const simulator = await startSimulator({ deliverTo: { "*": "http://127.0.0.1:8080/hook" } });
 * const { id } = await simulator.createEndpoint();
 * simulator.setFault({ kind: "cut", operation: "rotateWebhookSigningSecret", times: 1 });
 * await simulator.close();
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const core = new SimulatorCore(options);
  await core.open();
  const server = buildServer(core.serverContext());
  await server.register(controlRoutes(core), { prefix: CONTROL_PREFIX });
  const url = await server.listen({ host: "127.0.0.1", port: options.port ?? 0 });

  return {
    url,
    apiKey: core.apiKey,
    get requests() {
      return core.requests;
    },
    clearRequests: () => core.log.clear(),
    createEndpoint: (settings) => core.createEndpoint(settings),
    seedEndpoints: (count, settings) => core.seedEndpoints(count, settings),
    deleteEndpoint: (id) => core.deleteEndpoint(id),
    rotateSecret: (id) => core.rotateSecret(id),
    currentSecret: (id) => core.currentSecret(id),
    rotations: (id) => core.rotations(id),
    setFault: (fault) => core.faults.set(fault),
    clearFaults: (id) => core.faults.clear(id),
    setLatency: (milliseconds) => core.setLatency(milliseconds),
    setReceiver: (from, to) => core.setReceiver(from, to),
    deliver: (id, event, how) => core.deliver(id, event, how),
    get deliveries() {
      return core.listDeliveries();
    },
    deliveriesSettled: () => core.deliveriesSettled(),
    setMetric: (value) => core.setMetric(value),
    evaluate: (choice) => core.evaluate(choice),
    async close() {
      await server.close();
      await core.close();
    },
  };
}
