import { schemas, type OperationId, type Schemas } from "./document.js";
import type { ActiveAlert, AlertRule, EndpointWithSecret, RuleSettings } from "./model.js";
import { NEVER_EVALUATED, type Store, type StoredEndpoint, type StoredRule } from "./store.js";

/** A request that the document allows. */
interface Call {
  readonly store: Store;
  /** The id in the path; empty if the path has none. */
  readonly id: string;
  readonly query: object;
  /** The document says what is in it. */
  readonly body: never;
}

/** The fields of a stored object that the document's schema names. */
const shown = <Name extends "WebhookEndpoint" | "AlertRuleResponse" | "ActiveAlertResponse">(
  name: Name,
  stored: object,
) => {
  const fields = Object.keys(schemas[name].properties);
  return Object.fromEntries(
    fields.map((field) => [field, Reflect.get(stored, field) as unknown]),
  ) as Required<Schemas[Name]>;
};
const endpoint = (stored: StoredEndpoint) => shown("WebhookEndpoint", stored);
const rule = (stored: StoredRule) => shown("AlertRuleResponse", stored);

export const withSecret = (stored: StoredEndpoint): EndpointWithSecret => ({
  ...endpoint(stored),
  signing_secret: stored.signing_secret,
});

/** A firing rule as an alert. */
export const activeAlert = (stored: AlertRule): ActiveAlert =>
  shown("ActiveAlertResponse", {
    ...stored,
    alert_rule_id: stored.id,
    since: stored.since ?? stored.updated_at,
  });

/** Fields that a filter asks for under another name. */
const FIELDS: Readonly<Record<string, string>> = {
  event_type: "event_types",
  state: "current_state",
};

/** The items that have each value of a query, those of a list included. */
const filtered = <T extends object>(items: readonly T[], query: object): T[] =>
  items.filter((item) =>
    Object.entries(query).every(([name, wanted]) =>
      [(item as Record<string, unknown>)[FIELDS[name] ?? name]].flat().includes(wanted),
    ),
  );

/** Each does what its operation says, and gives the body of the answer. @throws ApiError */
export const handlers: Readonly<Record<OperationId, (call: Call) => unknown>> = {
  listWebhookEndpoints: ({ store, query }) => ({
    data: filtered(store.endpoints.list(), query).map(endpoint),
  }),
  createWebhookEndpoint({ store, body }) {
    store.endpoints.assertRoom();
    return withSecret(store.addEndpoint(body));
  },
  getWebhookEndpoint: ({ store, id }) => endpoint(store.endpoints.find(id)),
  updateWebhookEndpoint: ({ store, id, body }) => endpoint(store.endpoints.change(id, body)),
  deleteWebhookEndpoint: ({ store, id }) => store.endpoints.remove(id),
  rotateWebhookSigningSecret: ({ store, id }) => ({ signing_secret: store.rotateSecret(id) }),

  listAlertRules: ({ store, query }) => ({ data: filtered(store.rules.list(), query).map(rule) }),
  createAlertRule({ store, body }) {
    store.rules.assertRoom();
    return rule(store.rules.add({ ...(body as RuleSettings), ...NEVER_EVALUATED }));
  },
  getAlertRule: ({ store, id }) => rule(store.rules.find(id)),
  updateAlertRule({ store, id, body }) {
    const changed = store.rules.change(id, body);
    // A rule that is switched off raises no alert; its next evaluation starts afresh.
    return rule(changed.enabled ? changed : store.rules.set(id, NEVER_EVALUATED));
  },
  deleteAlertRule: ({ store, id }) => store.rules.remove(id),

  getActiveAlerts: ({ store, query }) => ({
    data: filtered(store.rules.list(), { ...query, state: "alert" }).map(activeAlert),
  }),
};
