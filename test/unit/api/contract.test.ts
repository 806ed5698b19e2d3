import { providersSchemaJson } from "../../../src/codegen/schema-json.js";
import { createProviderServer } from "../../../src/plugin/server/server.js";
import type { CreateAlertRule } from "../../../src/polyai/alert-rules.js";
import type { PolyaiClient } from "../../../src/polyai/client.js";
import type { CreateWebhookEndpoint } from "../../../src/polyai/webhook-endpoints.js";
import { provider } from "../../../src/provider/provider.js";
import { startSimulator, type OperationId, type Simulator } from "../../../src/simulator/index.js";
import {
  assertDocumented,
  fieldsOf,
  operations,
  schemaOf,
  type DocumentedOperation,
} from "../../support/api-document.js";
import { closeAll, connect } from "../polyai/server.js";

// The simulator, the client, the resources and the data sources agree with api/openapi.json.

const ENDPOINT = {
  name: "Production alerts",
  url: "https://example.com/webhooks/polyai",
  event_types: ["alerts.triggered"],
  headers: { "X-Team": "alerts" },
  timeout_ms: 4000,
  enabled: true,
} as const;
const PROJECT = { metric: "turn_latency_p95", project_id: "proj_1" } as const;
const CONDITION = { ...PROJECT, operator: ">=", threshold_value: 1500, window_duration: "5m" };
const RULE = { ...CONDITION, name: "High turn latency", enabled: true } as const;

/** A request body that has every field. */
const BODIES: Partial<Record<OperationId, object>> = {
  createWebhookEndpoint: ENDPOINT,
  updateWebhookEndpoint: ENDPOINT,
  createAlertRule: RULE,
  updateAlertRule: RULE,
};

let simulator: Simulator;
let client: PolyaiClient;
beforeEach(async () => {
  simulator = await startSimulator();
  ({ client } = connect(simulator.url, { apiKey: simulator.apiKey, maxRetries: 0 }));
});
afterEach(async () => {
  await closeAll();
  await simulator.close();
});

/** Calls an operation in the process, and gives its answer. */
function ask({ operationId, method, path }: DocumentedOperation, id = "", changes: object = {}) {
  const body = BODIES[operationId];
  const exchange = simulator.begin({
    method,
    target: path.replace(/\{\w+\}/, id),
    apiKey: simulator.apiKey,
    contentType: "application/json",
    ...(body && { body: JSON.stringify(body) }),
    ...changes,
  });
  const { answer } = exchange.act();
  if (answer === null) throw new Error("there is no answer");
  const json = answer.text === "" ? undefined : (JSON.parse(answer.text) as object);
  return { status: answer.status, json };
}

const named = (operationId: OperationId) =>
  operations.find((operation) => operation.operationId === operationId)!;

const successOf = ({ responses }: DocumentedOperation) =>
  Object.entries(responses).find(([status]) => status.startsWith("2"))!;

/** Ids of an endpoint and of a rule that fires. */
async function objects() {
  const { id: endpoint } = await simulator.createEndpoint(ENDPOINT);
  const { id: rule } = ask(named("createAlertRule")).json as { id: string };
  await simulator.setMetric({ metric: RULE.metric, projectId: RULE.project_id, value: 2000 });
  return { endpoint, rule };
}

type Ids = Awaited<ReturnType<typeof objects>>;
const idFor = ({ path }: DocumentedOperation, ids: Ids) =>
  path.includes("{rule_id}") ? ids.rule : path.includes("{endpoint_id}") ? ids.endpoint : "";

const each = operations.map((operation) => [operation.operationId, operation] as const);

describe("the simulator", () => {
  it.each(each)("carries out %s and answers as documented", async (id, operation) => {
    const { status, json } = ask(operation, idFor(operation, await objects()));
    expect(String(status)).toBe(successOf(operation)[0]);
    assertDocumented(id, status, json);
    if (id in BODIES) expect(json).toMatchObject(BODIES[id]!);
    expect(simulator.requests.at(-1)).toMatchObject({ operation: id, acted: true });
  });

  it.each(each)("answers each error of %s as documented", async (id, operation) => {
    const ids = await objects();
    const own = idFor(operation, ids);
    const fill = () => Array.from({ length: 11 }, () => ask(operation)).at(-1)!;
    const fault = (status: number) => () => {
      simulator.setFault({ kind: "status", status, times: 1 });
      return ask(operation, own);
    };
    const target = operation.path.replace(/\{\w+\}/, own);
    const provoke: Record<string, () => ReturnType<typeof ask>> = {
      "400": () => ask(operation, "", { body: "{", target: `${target}?enabled=perhaps` }),
      "401": () => ask(operation, own, { apiKey: "another" }),
      "404": () => ask(operation, operation.path.includes("{rule_id}") ? "ar_0" : "whe_0"),
      "409": fill,
      "422": () =>
        // An update may change nothing.
        operation.method === "PATCH"
          ? ask(operation, own, { body: '{"name":1}' })
          : ask(operation, "malformed", operation.requestBody ? { body: "{}" } : {}),
      "500": fault(500),
      "502": fault(502),
    };
    for (const status of Object.keys(operation.responses).filter((one) => !one.startsWith("2"))) {
      const answer = provoke[status]!();
      expect(`${id} ${answer.status}`).toBe(`${id} ${status}`);
      assertDocumented(id, answer.status, answer.json);
    }
  });
});

const camelCase = (name: string) =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const settingsOf = <T extends object>(body: T) =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [camelCase(name), value]));
const endpointSettings = settingsOf(ENDPOINT) as unknown as CreateWebhookEndpoint;
const ruleSettings = settingsOf(RULE) as unknown as CreateAlertRule;
const { metric } = RULE;

/** The client's call of each operation. */
const CALLS: Record<OperationId, (ids: Ids) => Promise<unknown>> = {
  listWebhookEndpoints: () =>
    client.webhookEndpoints.list({ enabled: true, eventType: "alerts.triggered" }),
  createWebhookEndpoint: () => client.webhookEndpoints.create(endpointSettings),
  getWebhookEndpoint: ({ endpoint }) => client.webhookEndpoints.get(endpoint),
  updateWebhookEndpoint: ({ endpoint }) =>
    client.webhookEndpoints.update(endpoint, endpointSettings),
  deleteWebhookEndpoint: ({ endpoint }) => client.webhookEndpoints.delete(endpoint),
  rotateWebhookSigningSecret: ({ endpoint }) => client.webhookEndpoints.rotateSecret(endpoint),
  listAlertRules: () =>
    client.alertRules.list({ enabled: true, metric, projectId: "proj_1", state: "alert" }),
  createAlertRule: () => client.alertRules.create(ruleSettings),
  getAlertRule: ({ rule }) => client.alertRules.get(rule),
  updateAlertRule: ({ rule }) => client.alertRules.update(rule, ruleSettings),
  deleteAlertRule: ({ rule }) => client.alertRules.delete(rule),
  getActiveAlerts: () => client.alerts.list({ metric, projectId: "proj_1" }),
};

/** The settings that an answer repeats. */
function shownBy(id: OperationId): object {
  if (id.startsWith("delete") || id.startsWith("rotate")) return {};
  if (id === "getActiveAlerts") return { ...CONDITION, name: RULE.name };
  return id.includes("Rule") ? RULE : ENDPOINT;
}

describe("the client", () => {
  it.each(each)("calls %s, sends and reads every field", async (id, operation) => {
    const begin = jest.spyOn(simulator, "begin");
    const result = await CALLS[id](await objects());
    expect(simulator.requests.at(-1)).toMatchObject({ operation: id, acted: true });

    const { target, body = "" } = begin.mock.calls.at(-1)![0];
    const sent = body === "" ? undefined : (JSON.parse(body) as object);
    expect(sent).toEqual(BODIES[id]);
    const fields = fieldsOf(schemaOf(operation.requestBody));
    expect(Object.keys(sent ?? {}).sort()).toEqual(fields.sort());
    const asked = [...new URL(target, "http://localhost").searchParams.keys()];
    const inPath = /\{(\w+)\}/.exec(operation.path)?.[1] ?? [];
    expect(asked.concat(inPath).sort()).toEqual([...operation.parameters].sort());

    const read = ((Array.isArray(result) ? result[0] : result) ?? {}) as object;
    expect(read).toMatchObject(settingsOf(shownBy(id)));
    const documented = fieldsOf(schemaOf(successOf(operation)[1])).map(camelCase);
    expect(Object.keys(read).sort()).toEqual(documented.sort());
  });
});

/** The resource or data source whose attributes an operation's parameters and fields are. */
const shownIn = (id: OperationId): string => {
  if (id === "rotateWebhookSigningSecret") return "polyai_webhook_secret";
  if (id === "getActiveAlerts") return "data.polyai_active_alerts";
  const kind = id.includes("Rule") ? "alert_rule" : "webhook_endpoint";
  return id.startsWith("list") ? `data.polyai_${kind}s` : `polyai_${kind}`;
};

/** Fields that are an attribute elsewhere, or of another name. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  // One attribute of an object in a list cannot be sensitive, and header values are.
  "data.polyai_webhook_endpoints.headers": "data.polyai_webhook_endpoint.headers",
  "polyai_webhook_endpoint.endpoint_id": "polyai_webhook_endpoint.id",
  "polyai_alert_rule.rule_id": "polyai_alert_rule.id",
};

describe("the provider", () => {
  let attributes: Set<string>;
  beforeAll(async () => {
    const server = createProviderServer(provider);
    const { identitySchemas } = await server.getResourceIdentitySchemas({});
    const json = providersSchemaJson("x", await server.getProviderSchema({}), identitySchemas);
    const { resource_schemas, data_source_schemas } = json.provider_schemas["x"]!;
    const attributesOf = (schemas: typeof resource_schemas = {}, prefix = "") =>
      Object.entries(schemas).flatMap(([name, { block }]) =>
        Object.entries(block.attributes ?? {}).flatMap(([attribute, { type }]) =>
          [attribute, ...fieldsOfType(type)].map((field) => `${prefix}${name}.${field}`),
        ),
      );
    attributes = new Set([
      ...attributesOf(resource_schemas),
      ...attributesOf(data_source_schemas, "data."),
    ]);
  });

  it.each(each)("has an attribute for each parameter and field of %s", (id, operation) => {
    const fields = [
      ...operation.parameters,
      ...fieldsOf(schemaOf(operation.requestBody)),
      ...fieldsOf(schemaOf(successOf(operation)[1])),
    ].map((field) => `${shownIn(id)}.${field}`);
    expect(fields.filter((field) => !attributes.has(ELSEWHERE[field] ?? field))).toEqual([]);
  });
});

/** Names in the objects of a list: `["list", ["object", { name: … }]]`. */
function fieldsOfType(type: unknown): string[] {
  const [, item] = Array.isArray(type) ? (type as unknown[]) : [];
  return Array.isArray(item) ? Object.keys(item[1] as object) : [];
}
