import { Api } from "./api.js";
import { Deliveries, type Delivery, type DeliveryEvent, type Post } from "./deliveries.js";
import { objectWith, schemaAt, schemas } from "./document.js";
import type { EndpointSettings, EndpointWithSecret, Metric } from "./model.js";
import { withSecret } from "./operations.js";
import type { SimulatorOptions } from "./options.js";
import { evaluateRules } from "./rules.js";
import { metricKey, type StoredEndpoint } from "./store.js";
import { checkArgument } from "./validation.js";

const DEFAULT_ENDPOINT = {
  name: "Simulated endpoint",
  url: "https://receiver.example.com/webhooks/polyai",
  event_types: schemas.WebhookEventType.enum as EndpointSettings["event_types"],
};

// Schemas of the arguments of the simulator's methods, which also come as JSON from elsewhere.

const ENDPOINT = schemaAt("/components/schemas/CreateWebhookEndpointRequest");
const MILLISECONDS = { type: "number", minimum: 0 };
const type = schemaAt("/components/schemas/WebhookEventType");
const EVENT = objectWith({ type, id: { type: "string" }, data: { type: "object" } }, "type");
const metric = schemaAt("/components/schemas/AlertMetric");
const value = { type: ["integer", "null"] };
const projectId = { type: ["string", "null"] };
const METRIC_VALUE = objectWith({ metric, value, projectId }, "metric", "value");

export interface MetricValue {
  readonly metric: Metric;
  /** A whole number; null: there is no data. */
  readonly value: number | null;
  /** Omit for the account as a whole: what rules without a project watch. */
  readonly projectId?: string | null;
}

/**
 * PolyAI's API for one account, without HTTP. `begin` is the API; the other methods
 * act behind its back: the account's limits, faults, latency and the request log do not touch them.
 * Methods that name an endpoint throw a RangeError if it does not exist, and all throw a TypeError
 * if an argument cannot be used.
 */
export class Simulation extends Api {
  readonly #sent: Deliveries;

  /**
   * @param post sends a delivery
   * @throws TypeError if an option cannot be used
   */
  constructor(options: SimulatorOptions, post: Post) {
    super(options);
    this.#sent = new Deliveries(this.store, this.clock, post);
    for (const route of Object.entries(options.deliverTo ?? {})) this.setReceiver(...route);
  }

  /** Adds an endpoint, past the account's limit if need be. All settings have defaults. */
  async createEndpoint(settings: Partial<EndpointSettings> = {}): Promise<EndpointWithSecret> {
    const whole = { ...DEFAULT_ENDPOINT, ...settings };
    checkArgument(ENDPOINT, whole, "endpoint");
    return withSecret(this.store.addEndpoint(whole as EndpointSettings));
  }

  /** Deletes an endpoint, as somebody else with access to the account would. */
  async deleteEndpoint(endpointId: string): Promise<void> {
    this.store.endpoints.remove(this.#endpoint(endpointId).id);
  }

  /** Rotates a secret, as somebody else with access to the account would. */
  async rotateSecret(endpointId: string): Promise<string> {
    return this.store.rotateSecret(this.#endpoint(endpointId).id);
  }

  /** The secret that signs this endpoint's deliveries now. */
  currentSecret(endpointId: string): string {
    return this.#endpoint(endpointId).signing_secret;
  }

  /** How often the endpoint's secret was rotated since its creation. */
  rotations(endpointId: string): number {
    return this.#endpoint(endpointId).rotations;
  }

  /** Says where deliveries go, as the option `deliverTo` does. */
  setReceiver(from: string, to: string): void {
    this.#sent.route(from, to);
  }

  /**
   * Sends an event to one endpoint, if it is enabled and subscribed. Settles after the first
   * attempt; retries wait for their time, or for {@link advance}.
   *
   * @param options.signWith signs with this instead of the endpoint's secret: a rotated one, say
   */
  async deliver(
    endpointId: string,
    event: DeliveryEvent,
    options: { readonly signWith?: string } = {},
  ): Promise<Delivery> {
    checkArgument(EVENT, event, "event");
    return this.#sent.send(this.#endpoint(endpointId).id, event, options.signWith);
  }

  /** Every delivery so far, oldest first; a copy. */
  get deliveries(): readonly Delivery[] {
    return this.#sent.list();
  }

  /**
   * Sets a metric's value and evaluates the rules: rules that begin to fire deliver
   * `alerts.triggered`, rules that cease to fire `alerts.resolved`. Gives these deliveries after
   * their first attempt. Set the value again to evaluate rules that were made meanwhile.
   */
  async setMetric(setting: MetricValue): Promise<Delivery[]> {
    checkArgument(METRIC_VALUE, setting, "metric");
    const { metric, value, projectId = null } = setting;
    this.store.metrics.set(metricKey(metric, projectId), value);
    const events = evaluateRules(this.store, this.now());
    return (await Promise.all(events.map((event) => this.#sent.publish(event)))).flat();
  }

  /** The simulator's time. */
  now(): Date {
    return this.clock.now();
  }

  /**
   * Moves the simulator's clock on. Each call that waits and each retry that is due meanwhile goes
   * on at its time. Settles when the last retry is answered.
   */
  async advance(milliseconds: number): Promise<void> {
    checkArgument(MILLISECONDS, milliseconds, "milliseconds");
    await this.clock.advance(milliseconds);
  }

  /** Settles once the simulator's clock has run for so long. */
  async wait(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    await new Promise<void>((resolve) => this.clock.after(milliseconds, resolve));
  }

  /** Ends all waits and retries: none of them goes on. */
  stop(): void {
    this.clock.stop();
  }

  #endpoint(endpointId: string): StoredEndpoint {
    const stored = this.store.endpoints.get(endpointId);
    if (stored === undefined) throw new RangeError(`The simulator has no endpoint ${endpointId}`);
    return stored;
  }
}
