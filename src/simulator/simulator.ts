import type { Delivery, DeliveryEvent } from "./delivery-types.js";
import type { Fault } from "./faults.js";
import type { EndpointSettings, Metric, WebhookEndpoint } from "./model.js";
import type { RequestLogEntry } from "./options.js";

/** Which account a control call is about: its name. The first account where not given. */
export interface AccountChoice {
  readonly account?: string;
}

/** An endpoint as creation answers it. */
export type EndpointWithSecret = WebhookEndpoint & { readonly signing_secret: string };

export interface MetricValue extends AccountChoice {
  readonly metric: Metric;
  /** A whole number; null: there is no data. */
  readonly value: number | null;
  /** The account as a whole where not given: what rules without a project watch. */
  readonly projectId?: string | null;
}

/**
 * A running simulator. Its methods act behind the API's back: account limits, faults, latency and
 * the request log do not touch them. Methods that name an endpoint throw a RangeError if no account
 * has it.
 */
export interface Simulator {
  /** Base URL of the API, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** API key of the first account. */
  readonly apiKey: string;
  /** The calls of the API so far, oldest first; a copy. */
  readonly requests: readonly RequestLogEntry[];
  clearRequests(): void;

  /** Adds an endpoint, past the account's limit if need be. All settings have defaults. */
  createEndpoint(settings?: Partial<EndpointSettings> & AccountChoice): Promise<EndpointWithSecret>;
  /** Adds many endpoints, past the account's limit. */
  seedEndpoints(
    count: number,
    settings?: Partial<EndpointSettings> & AccountChoice,
  ): Promise<EndpointWithSecret[]>;
  /** Deletes an endpoint, as somebody else with access to the account would. */
  deleteEndpoint(endpointId: string): Promise<void>;
  /** Rotates a secret, as somebody else with access to the account would. */
  rotateSecret(endpointId: string): Promise<string>;
  /** The secret that signs this endpoint's deliveries now. */
  currentSecret(endpointId: string): string;
  /** How often the endpoint's secret was rotated since its creation. */
  rotations(endpointId: string): number;

  /** Switches a fault on; gives an id for {@link clearFaults}. */
  setFault(fault: Fault): string;
  /** Switches one fault off, or all of them. */
  clearFaults(id?: string): void;
  /** Milliseconds that every call of the API takes from now on. */
  setLatency(milliseconds: number): void;

  /**
   * Says where deliveries go, as the option `deliverTo` does.
   *
   * @throws TypeError if `to` is no http or https URL of this machine
   */
  setReceiver(from: string, to: string): void;
  /**
   * Sends an event to one endpoint, if it is enabled and subscribed. Settles after the first
   * attempt; retries go on in the background.
   *
   * @param options.signWith signs with this instead of the endpoint's secret: a rotated one, say
   */
  deliver(
    endpointId: string,
    event: DeliveryEvent,
    options?: { readonly signWith?: string },
  ): Promise<Delivery>;
  /** Every delivery so far, oldest first; a copy. */
  readonly deliveries: readonly Delivery[];
  /** Settles when no delivery is under way or waits for a retry. */
  deliveriesSettled(): Promise<void>;

  /**
   * Sets a metric's value and evaluates the account's rules: rules that begin to fire deliver
   * `alerts.triggered`, rules that cease to fire `alerts.resolved`. Gives these deliveries after
   * their first attempt.
   *
   * @throws TypeError if the value is no whole number
   */
  setMetric(value: MetricValue): Promise<Delivery[]>;
  /** Evaluates the account's rules with the values that are set: for rules made afterwards. */
  evaluate(choice?: AccountChoice): Promise<Delivery[]>;

  /** Ends every connection and delivery, and writes the state file once more. */
  close(): Promise<void>;
}
