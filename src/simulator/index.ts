/**
 * PolyAI's Webhooks and Alerts APIs in one process, for tests, demos and work without an account:
 * same paths, same validation, same errors, signed deliveries, and faults on demand.
 *
 * @packageDocumentation
 */
import type { AddressInfo } from "node:net";
import type { SimulatorOptions } from "./options.js";
import { postDelivery } from "./post-delivery.js";
import { startServer } from "./server.js";
import { Simulation } from "./simulation.js";

export { DEMO_API_KEY } from "./options.js";
export type { Delivery, DeliveryAttempt, DeliveryEvent } from "./deliveries.js";
export type { OperationId } from "./document.js";
export type { Fault, FaultKind, FaultScope } from "./fault.js";
export type * from "./model.js";
export type { RequestLogEntry, SimulatorOptions } from "./options.js";
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
 * Another process on this machine has the same controls, without a key: `POST /_simulator/METHOD`
 * with a JSON list of arguments answers `{ "result": … }`, and `POST /_simulator/requests` the log.
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
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      simulation.stop();
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}
