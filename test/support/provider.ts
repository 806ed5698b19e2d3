import { pathToString } from "../../src/plugin/cty/path.js";
import { isUnknown, type ObjectValue } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { createProviderServer } from "../../src/plugin/server/server.js";
import { provider } from "../../src/provider/provider.js";
import type { Simulator } from "../../src/simulator/index.js";
import { Host, NOTHING, type Applied, type Instance, type Planned } from "./host.js";

/** A host whose provider is not configured yet. */
export const newHost = (): Promise<Host> => Host.start(createProviderServer(provider));

/** A host whose provider asks a simulator. */
export async function startHost(simulator: Simulator): Promise<Host> {
  const host = await newHost();
  await beginWalk(host, simulator);
  return host;
}

/** Configures the provider anew, as core does for each plan and each apply. */
export async function beginWalk(
  host: Host,
  simulator: Simulator,
  config: ObjectValue = {},
): Promise<void> {
  const { apiKey: api_key, url: base_url } = simulator;
  expect(await host.configure({ api_key, base_url, max_retries: 0, ...config })).toEqual([]);
}

/** The least that each kind of object needs. */
export const RULE: ObjectValue = {
  name: "Slow turns",
  metric: "turn_latency_p95",
  operator: ">=",
  threshold_value: 1500,
  window_duration: "5m",
};
export const ENDPOINT: ObjectValue = {
  name: "Production alerts",
  url: "https://example.com/webhooks/polyai",
  event_types: ["alerts.triggered"],
};

/** One resource instance through its plans and applies, as core sees it. */
export class Story {
  instance: Instance = NOTHING;

  /** @param base what every config of the instance has */
  constructor(
    public host: Host,
    readonly type: string,
    private readonly base: ObjectValue,
  ) {}

  get state(): ObjectValue {
    return this.instance.state ?? {};
  }

  /** @throws Error if the state has no id */
  get id(): string {
    const { id } = this.state;
    if (typeof id !== "string") throw new Error("the state has no id");
    return id;
  }

  /** @param changes null to destroy */
  plan(changes: ObjectValue | null = {}): Promise<Planned> {
    return this.host.plan(this.type, changes && { ...this.base, ...changes }, this.instance);
  }

  /** Plans and applies, whatever comes of it. */
  async attempt(changes: ObjectValue | null = {}): Promise<Applied> {
    const applied = await this.host.apply(this.type, await this.plan(changes));
    this.instance = applied;
    return applied;
  }

  async apply(changes: ObjectValue | null = {}): Promise<ObjectValue> {
    return this.applyPlan(await this.plan(changes));
  }

  /** Applies, and holds the new state against the plan as core does. */
  async applyPlan(plan: Planned): Promise<ObjectValue> {
    expect(plan.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const applied = await this.host.apply(this.type, plan);
    expect(applied.diagnostics).toEqual([]);
    if (plan.config === null) expect(applied.state).toBeNull();
    else expect(applied.state).toMatchObject(knownValues(plan));
    this.instance = applied;
    return this.state;
  }

  /** Applies a plan whose unknown values have become known since. */
  async applyKnown(plan: Planned, known: ObjectValue): Promise<Applied> {
    const applied = await this.host.apply(this.type, {
      ...plan,
      config: { ...plan.config, ...known },
      planned: { ...plan.planned, ...known },
    });
    this.instance = applied;
    return applied;
  }

  async read(): Promise<Applied> {
    const read = await this.host.read(this.type, this.instance);
    this.instance = read;
    return read;
  }

  async import(id: string): Promise<Applied> {
    const imported = await this.host.importState(this.type, id);
    this.instance = imported;
    return imported;
  }
}

/** Everything that core would keep of an instance. */
export const kept = ({ state, private: bytes }: Instance): string =>
  JSON.stringify([Object.entries(state ?? {}), Buffer.from(bytes).toString()]);

/** The values that a plan knows already: core refuses a new state with others. */
export const knownValues = ({ planned }: Planned): ObjectValue =>
  Object.fromEntries(Object.entries(planned ?? {}).filter(([, value]) => !isUnknown(value)));

export const unknownNames = ({ planned }: Planned): readonly string[] =>
  Object.entries(planned ?? {})
    .filter(([, value]) => isUnknown(value))
    .map(([name]) => name);

export const summaries = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`);

/** The same, with the attribute of each. */
export const located = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(
    ({ severity, summary, attribute = [] }) =>
      `${severity} at ${pathToString(attribute)}: ${summary}`,
  );

/** Asks the simulator as somebody else with the account's key would. */
export async function ask(
  { url, apiKey }: Simulator,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { "x-api-key": apiKey, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)}`);
  const text = await response.text();
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

export const operations = ({ requests }: Simulator): readonly (string | null)[] =>
  requests.map(({ operation }) => operation);
