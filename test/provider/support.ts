import { isUnknown, type ObjectValue } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { createProviderServer } from "../../src/plugin/server/server.js";
import { provider } from "../../src/provider/provider.js";
import type { Simulator } from "../../src/simulator/index.js";
import { Host, type Instance, type Planned } from "../support/host.js";

/** A host whose provider asks a simulator. */
export async function startHost(simulator: Simulator, config: ObjectValue = {}): Promise<Host> {
  const host = await Host.start(createProviderServer(provider));
  const diagnostics = await host.configure({
    api_key: simulator.apiKey,
    base_url: simulator.url,
    max_retries: 0,
    ...config,
  });
  expect(diagnostics).toEqual([]);
  return host;
}

/** Plans and applies as core does, and holds the new state against the plan as core does. */
export async function apply(
  host: Host,
  typeName: string,
  config: ObjectValue | null,
  prior?: Instance,
): Promise<Instance> {
  const plan = await host.plan(typeName, config, prior);
  expect(plan.diagnostics).toEqual([]);
  const applied = await host.apply(typeName, plan);
  expect(applied.diagnostics).toEqual([]);
  if (config === null) expect(applied.state).toBeNull();
  else expect(applied.state).toMatchObject(knownValues(plan));
  return applied;
}

/** @throws Error where the state has no id */
export function idOf({ state }: Instance): string {
  const id = state?.["id"];
  if (typeof id !== "string") throw new Error("the state has no id");
  return id;
}

/** What a plan knows already: core refuses a new state that says otherwise. */
export const knownValues = ({ planned }: Planned): ObjectValue =>
  Object.fromEntries(Object.entries(planned ?? {}).filter(([, value]) => !isUnknown(value)));

export const unknownNames = ({ planned }: Planned): readonly string[] =>
  Object.entries(planned ?? {})
    .filter(([, value]) => isUnknown(value))
    .map(([name]) => name);

export const summaries = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`);

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
