import {
  addEndpoint,
  assertRoomForEndpoint,
  findEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
} from "./endpoints.js";
import type { Account, EndpointSettings, EventType, RuleSettings } from "./model.js";
import {
  activeAlerts,
  addRule,
  findRule,
  listRules,
  updateRule,
  type RuleFilter,
} from "./rules.js";
import {
  pathSchemas,
  querySchemas,
  requestSchemas,
  responseSchemas,
  type JsonSchema,
} from "./schemas.js";

/** The `operationId`s of both of the API's documents. */
export const OPERATION_IDS = [
  "listWebhookEndpoints",
  "createWebhookEndpoint",
  "getWebhookEndpoint",
  "updateWebhookEndpoint",
  "deleteWebhookEndpoint",
  "rotateWebhookSigningSecret",
  "listAlertRules",
  "createAlertRule",
  "getAlertRule",
  "updateAlertRule",
  "deleteAlertRule",
  "getActiveAlerts",
] as const;

export type OperationId = (typeof OPERATION_IDS)[number];

/** A request that passed its schemas. */
export interface Call<Body> {
  readonly account: Account;
  /** The id in the path; empty where the path has none. */
  readonly id: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Body;
  readonly now: Date;
  readonly rotateMovesUpdatedAt: boolean;
}

export interface Operation<Body = unknown> {
  readonly api: "webhooks" | "alerts";
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly params?: JsonSchema;
  readonly query?: JsonSchema;
  readonly body?: JsonSchema;
  /** Status and body of success. Without a schema there is no body. */
  readonly status: number;
  readonly response?: JsonSchema;
  /** Whether it changes what is stored. */
  readonly changes: boolean;
  /** @throws ApiError */
  run(call: Call<Body>): unknown;
}

const operation = <Body>(definition: Operation<Body>): Operation<Body> => definition;

const ENDPOINTS = "/v1/webhook-endpoints";
const ENDPOINT = `${ENDPOINTS}/:endpoint_id`;
const RULES = "/v1/alert-rules";
const RULE = `${RULES}/:rule_id`;

const flag = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : text === "true";

const ruleFilter = (query: Call<unknown>["query"]): RuleFilter => ({
  enabled: flag(query["enabled"]),
  metric: query["metric"] as RuleFilter["metric"],
  projectId: query["project_id"],
  state: query["state"] as RuleFilter["state"],
});

/** Every operation of the API: where it is, what it takes, what it does, what it answers. */
export const operations: Readonly<Record<OperationId, Operation>> = {
  listWebhookEndpoints: operation({
    api: "webhooks",
    method: "GET",
    path: ENDPOINTS,
    query: querySchemas.endpoints,
    status: 200,
    response: responseSchemas.endpoints,
    changes: false,
    run: ({ account, query }) => ({
      data: listEndpoints(account, {
        enabled: flag(query["enabled"]),
        eventType: query["event_type"] as EventType | undefined,
      }),
    }),
  }),
  createWebhookEndpoint: operation<EndpointSettings>({
    api: "webhooks",
    method: "POST",
    path: ENDPOINTS,
    body: requestSchemas.createEndpoint,
    status: 201,
    response: responseSchemas.endpointWithSecret,
    changes: true,
    run({ account, body, now }) {
      assertRoomForEndpoint(account);
      const { endpoint, signingSecret } = addEndpoint(account, body, now);
      return { ...endpoint, signing_secret: signingSecret };
    },
  }),
  getWebhookEndpoint: operation({
    api: "webhooks",
    method: "GET",
    path: ENDPOINT,
    params: pathSchemas.endpoint,
    status: 200,
    response: responseSchemas.endpoint,
    changes: false,
    run: ({ account, id }) => findEndpoint(account, id).endpoint,
  }),
  updateWebhookEndpoint: operation<Partial<EndpointSettings>>({
    api: "webhooks",
    method: "PATCH",
    path: ENDPOINT,
    params: pathSchemas.endpoint,
    body: requestSchemas.updateEndpoint,
    status: 200,
    response: responseSchemas.endpoint,
    changes: true,
    run: ({ account, id, body, now }) => updateEndpoint(findEndpoint(account, id), body, now),
  }),
  deleteWebhookEndpoint: operation({
    api: "webhooks",
    method: "DELETE",
    path: ENDPOINT,
    params: pathSchemas.endpoint,
    status: 204,
    changes: true,
    run({ account, id }) {
      account.endpoints.delete(findEndpoint(account, id).endpoint.id);
    },
  }),
  rotateWebhookSigningSecret: operation({
    api: "webhooks",
    method: "POST",
    path: `${ENDPOINT}/rotate-secret`,
    params: pathSchemas.endpoint,
    status: 200,
    response: responseSchemas.rotatedSecret,
    changes: true,
    run: ({ account, id, now, rotateMovesUpdatedAt }) => ({
      signing_secret: rotateSecret(findEndpoint(account, id), now, rotateMovesUpdatedAt),
    }),
  }),
  listAlertRules: operation({
    api: "alerts",
    method: "GET",
    path: RULES,
    query: querySchemas.rules,
    status: 200,
    response: responseSchemas.rules,
    changes: false,
    run: ({ account, query }) => ({ data: listRules(account, ruleFilter(query)) }),
  }),
  createAlertRule: operation<RuleSettings>({
    api: "alerts",
    method: "POST",
    path: RULES,
    body: requestSchemas.createRule,
    status: 201,
    response: responseSchemas.rule,
    changes: true,
    run: ({ account, body, now }) => addRule(account, body, now),
  }),
  getAlertRule: operation({
    api: "alerts",
    method: "GET",
    path: RULE,
    params: pathSchemas.rule,
    status: 200,
    response: responseSchemas.rule,
    changes: false,
    run: ({ account, id }) => findRule(account, id).rule,
  }),
  updateAlertRule: operation<Partial<RuleSettings>>({
    api: "alerts",
    method: "PATCH",
    path: RULE,
    params: pathSchemas.rule,
    body: requestSchemas.updateRule,
    status: 200,
    response: responseSchemas.rule,
    changes: true,
    run: ({ account, id, body, now }) => updateRule(findRule(account, id), body, now),
  }),
  deleteAlertRule: operation({
    api: "alerts",
    method: "DELETE",
    path: RULE,
    params: pathSchemas.rule,
    status: 204,
    changes: true,
    run({ account, id }) {
      account.rules.delete(findRule(account, id).rule.id);
    },
  }),
  getActiveAlerts: operation({
    api: "alerts",
    method: "GET",
    path: "/v1/alerts",
    query: querySchemas.alerts,
    status: 200,
    response: responseSchemas.alerts,
    changes: false,
    run({ account, query }) {
      const { metric, projectId } = ruleFilter(query);
      return { data: activeAlerts(account, { metric, projectId }) };
    },
  }),
};
