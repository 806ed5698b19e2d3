import { setMaxListeners } from "node:events";
import { Deliveries } from "./deliveries.js";
import type { Delivery, DeliveryEvent } from "./delivery-types.js";
import { addEndpoint, findEndpoint, rotateSecret } from "./endpoints.js";
import { Faults } from "./faults.js";
import {
  emptyAccount,
  metricKey,
  type Account,
  type EndpointSettings,
  type StoredEndpoint,
} from "./model.js";
import { DEMO_API_KEY, type RequestLogEntry, type SimulatorOptions } from "./options.js";
import { Receivers } from "./receivers.js";
import { RequestLog } from "./request-log.js";
import { evaluateRules, type RuleEvent } from "./rules.js";
import type { ServerContext } from "./server.js";
import type { AccountChoice, EndpointWithSecret, MetricValue } from "./simulator.js";
import { StateFile } from "./state-file.js";

const DEFAULT_ENDPOINT: EndpointSettings = {
  name: "Simulated endpoint",
  url: "https://receiver.example.com/webhooks/polyai",
  event_types: ["alerts.triggered", "alerts.resolved"],
  headers: {},
  timeout_ms: 5000,
  enabled: true,
};

/**
 * The simulated accounts and everything that a test does to them behind the API's back. Limits,
 * faults, latency and the request log belong to the API: calls here meet none of them.
 */
export class SimulatorCore {
  readonly faults = new Faults();
  readonly log = new RequestLog();
  private readonly accounts: Map<string, Account>;
  private readonly accountsByKey: Map<string, Account>;
  private readonly receivers: Receivers;
  private readonly deliveries: Deliveries;
  private readonly stateFile: StateFile | undefined;
  private readonly shutdown = new AbortController();
  private readonly now: () => Date;
  private latencyMs: number;

  /** @throws Error if an option or the state file cannot be used */
  constructor(private readonly options: SimulatorOptions) {
    const keys = Object.entries(options.accounts ?? { demo: DEMO_API_KEY });
    const distinct = new Set(keys.map(([, key]) => key));
    if (keys.length === 0 || distinct.size < keys.length || distinct.has("")) {
      throw new TypeError("The simulator needs an account, and for each an API key of its own");
    }
    this.accounts = new Map(keys.map(([name]) => [name, emptyAccount(name)]));
    this.accountsByKey = new Map(keys.map(([name, key]) => [key, this.account({ account: name })]));
    // Each call that waits listens for the end, and any number of calls may wait.
    setMaxListeners(0, this.shutdown.signal);
    this.now = options.now ?? (() => new Date());
    this.latencyMs = options.latencyMs ?? 0;
    this.receivers = new Receivers(options.deliverTo ?? {}, options.deliverToInternet ?? false);
    this.deliveries = new Deliveries({
      receivers: this.receivers,
      retryTimeScale: options.retryTimeScale ?? 1,
      closing: this.shutdown.signal,
      now: this.now,
    });
    this.stateFile =
      options.stateFile === undefined
        ? undefined
        : StateFile.open(options.stateFile, [...this.accounts.values()]);
  }

  /** @throws Error if the state file cannot be written: better now than at the first change */
  async open(): Promise<void> {
    await this.saved();
  }

  /** API key of the first account. */
  get apiKey(): string {
    return [...this.accountsByKey.keys()][0] ?? "";
  }

  get accountNames(): string[] {
    return [...this.accounts.keys()];
  }

  get requests(): RequestLogEntry[] {
    return this.log.list();
  }

  serverContext(): ServerContext {
    return {
      accountOf: (key) => (key === undefined ? undefined : this.accountsByKey.get(key)),
      log: this.log,
      faults: this.faults,
      errorBody: this.options.errorBody ?? "envelope",
      rotateMovesUpdatedAt: this.options.rotateMovesUpdatedAt ?? false,
      closing: this.shutdown.signal,
      now: this.now,
      latencyMs: () => this.latencyMs,
      saved: () => this.saved(),
    };
  }

  setLatency(milliseconds: number): void {
    this.latencyMs = milliseconds;
  }

  setReceiver(from: string, to: string): void {
    this.receivers.add(from, to);
  }

  async createEndpoint(
    settings: Partial<EndpointSettings> & AccountChoice = {},
  ): Promise<EndpointWithSecret> {
    const { account, ...given } = settings;
    const stored = addEndpoint(
      this.account(account === undefined ? {} : { account }),
      { ...DEFAULT_ENDPOINT, ...given },
      this.now(),
    );
    await this.saved();
    return withSecret(stored);
  }

  async seedEndpoints(
    count: number,
    settings: Partial<EndpointSettings> & AccountChoice = {},
  ): Promise<EndpointWithSecret[]> {
    return Promise.all(
      Array.from({ length: count }, (_, index) =>
        this.createEndpoint({ name: `Endpoint ${index + 1}`, ...settings }),
      ),
    );
  }

  async deleteEndpoint(endpointId: string): Promise<void> {
    this.locate(endpointId).account.endpoints.delete(endpointId);
    await this.saved();
  }

  async rotateSecret(endpointId: string): Promise<string> {
    const { stored } = this.locate(endpointId);
    const moves = this.options.rotateMovesUpdatedAt ?? false;
    const secret = rotateSecret(stored, this.now(), moves);
    await this.saved();
    return secret;
  }

  currentSecret(endpointId: string): string {
    return this.locate(endpointId).stored.signingSecret;
  }

  rotations(endpointId: string): number {
    return this.locate(endpointId).stored.rotations;
  }

  async deliver(
    endpointId: string,
    event: DeliveryEvent,
    options: { readonly signWith?: string } = {},
  ): Promise<Delivery> {
    const { account } = this.locate(endpointId);
    return this.deliveries.send(account, endpointId, event, options.signWith);
  }

  listDeliveries(): Delivery[] {
    return this.deliveries.list();
  }

  deliveriesSettled(): Promise<void> {
    return this.deliveries.settled();
  }

  async setMetric({ metric, value, projectId = null, ...choice }: MetricValue) {
    if (value !== null && !Number.isSafeInteger(value)) {
      throw new TypeError("A metric's value is a whole number, or null for no data");
    }
    const account = this.account(choice);
    const key = metricKey(metric, projectId);
    if (value === null) account.metrics.delete(key);
    else account.metrics.set(key, value);
    return this.evaluate(choice);
  }

  async evaluate(choice: AccountChoice = {}): Promise<Delivery[]> {
    const account = this.account(choice);
    const events = evaluateRules(account, this.now());
    await this.saved();
    const sent = events.map((event) =>
      this.deliveries.publish(account, { type: event.type, data: eventData(event) }),
    );
    return (await Promise.all(sent)).flat();
  }

  async close(): Promise<void> {
    this.shutdown.abort();
    await this.deliveries.settled();
    await this.saved();
  }

  private async saved(): Promise<void> {
    await this.stateFile?.save();
  }

  private account({ account: name }: AccountChoice): Account {
    const account = name === undefined ? [...this.accounts.values()][0] : this.accounts.get(name);
    if (account === undefined) throw new RangeError(`The simulator has no account ${name ?? ""}`);
    return account;
  }

  /** Ids are unique over all accounts. */
  private locate(endpointId: string): { account: Account; stored: StoredEndpoint } {
    const accounts = [...this.accounts.values()];
    const account = accounts.find(({ endpoints }) => endpoints.has(endpointId));
    if (account === undefined) throw new RangeError(`The simulator has no endpoint ${endpointId}`);
    return { account, stored: findEndpoint(account, endpointId) };
  }
}

function withSecret({ endpoint, signingSecret }: StoredEndpoint): EndpointWithSecret {
  return { ...endpoint, signing_secret: signingSecret };
}

/** PolyAI does not document what a delivery's body holds; this form is the simulator's own. */
function eventData({ rule }: RuleEvent): Record<string, unknown> {
  return {
    alert_rule_id: rule.id,
    name: rule.name,
    project_id: rule.project_id,
    metric: rule.metric,
    operator: rule.operator,
    threshold_value: rule.threshold_value,
    window_duration: rule.window_duration,
    current_state: rule.current_state,
    current_value: rule.current_value,
    since: rule.since,
  };
}
