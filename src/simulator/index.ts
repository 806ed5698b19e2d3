/**
 * PolyAI's Webhooks and Alerts APIs in one process, for tests, demos and work without an account:
 * same paths, same validation, same errors, signed deliveries, and faults on demand.
 *
 * @packageDocumentation
 */
import type { SimulatorOptions } from "./options.js";
import { postDelivery } from "./post-delivery.js";
import { startServer } from "./server.js";
import { Simulation } from "./simulation.js";

export { DEMO_API_KEY } from "./options.js";
export type { OperationId } from "./document.js";
export type { ErrorBodyStyle } from "./errors.js";
export type { RequestLogEntry, SimulatorOptions } from "./options.js";
export type { Fault, FaultKind, FaultScope } from "./fault.js";
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
  EndpointWithSecret,
  EventType,
  Metric,
  Operator,
  RuleSettings,
  RuleState,
  WebhookEndpoint,
  WindowDuration,
} from "./model.js";
export type { MetricValue } from "./simulation.js";

/** A simulator that is running on this machine. */
export interface Simulator extends Simulation {
  /** Base URL of the API, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends all connections and deliveries. */
  close(): Promise<void>;
}

/**
 * Starts a simulator on 127.0.0.1.
 *
 * The same controls stand under `/_simulator/` for another process on this machine, JSON in and
 * out, without a key: `GET` and `DELETE requests`; `GET`, `POST` and `DELETE faults`,
 * `DELETE faults/ID`; `PUT latency {milliseconds}`; `POST receivers {from, to}`;
 * `POST endpoints {count, …settings}`, `DELETE endpoints/ID`, `GET endpoints/ID/secret`,
 * `POST endpoints/ID/rotate`, `POST endpoints/ID/deliver {type, id, data, signWith}`;
 * `GET deliveries`; `PUT metrics {metric, value, projectId}`; `POST evaluate`;
 * `POST advance {milliseconds}`.
 *
 * @throws Error if the port is taken, or an option cannot be used
 *
 * @example
 * const simulator = await startSimulator({ deliverTo: { "*": "http://127.0.0.1:8080/hook" } });
 * const { id } = await simulator.createEndpoint();
 * simulator.setFault({ kind: "cut", operation: "rotateWebhookSigningSecret", times: 1 });
 * await simulator.close();
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const closing = new AbortController();
  const simulation = new Simulation(options, postDelivery(closing.signal));
  const server = await startServer(simulation, options.port ?? 0);
  return Object.assign(simulation, {
    url: server.url,
    async close() {
      simulation.stop();
      closing.abort();
      await server.close();
    },
  });
}
