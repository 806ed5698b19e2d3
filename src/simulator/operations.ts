import type { OperationId } from "./document.js";
import type {
  ActiveAlert,
  AlertRule,
  EndpointSettings,
  EndpointWithSecret,
  RuleSettings,
  WebhookEndpoint,
} from "./model.js";
import { NEVER_EVALUATED, type Store, type StoredEndpoint, type StoredRule } from "./store.js";

/** A request that the document allows. */
export interface Call<Body = never> {
  readonly store: Store;
  /** The id in the path; empty if the path has none. */
  readonly id: string;
  readonly query: object;
  readonly body: Body;
}

/** Does what an operation says, and gives the body of its answer. @throws ApiError */
type Handler = (call: Call) => unknown;

export const withSecret = ({ rotations: _, ...shown }: StoredEndpoint): EndpointWithSecret => shown;
const endpoint = ({
  signing_secret: _s,
  rotations: _r,
  ...shown
}: StoredEndpoint): WebhookEndpoint => shown;
const rule = ({ firing: _, ...shown }: StoredRule): AlertRule => shown;

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

export const handlers: Readonly<Record<OperationId, Handler>> = {
  listWebhookEndpoints: ({ store, query }) => ({
    data: filtered(store.endpoints.list(), query).map(endpoint),
  }),
  createWebhookEndpoint({ store, body }: Call<EndpointSettings>) {
    store.endpoints.assertRoom();
    return withSecret(store.addEndpoint(body));
  },
  getWebhookEndpoint: ({ store, id }) => endpoint(store.endpoints.find(id)),
  updateWebhookEndpoint: ({ store, id, body }) => endpoint(store.endpoints.change(id, body)),
  deleteWebhookEndpoint: ({ store, id }) => store.endpoints.remove(id),
  rotateWebhookSigningSecret: ({ store, id }) => ({ signing_secret: store.rotateSecret(id) }),

  listAlertRules: ({ store, query }) => ({ data: filtered(store.rules.list(), query).map(rule) }),
  createAlertRule({ store, body }: Call<RuleSettings>) {
    store.rules.assertRoom();
    return rule(store.addRule(body));
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

/** A firing rule as an alert. */
export const activeAlert = (stored: AlertRule): ActiveAlert => ({
  alert_rule_id: stored.id,
  name: stored.name,
  project_id: stored.project_id,
  metric: stored.metric,
  operator: stored.operator,
  threshold_value: stored.threshold_value,
  window_duration: stored.window_duration,
  since: stored.since ?? stored.updated_at,
  last_evaluated_at: stored.last_evaluated_at,
  current_value: stored.current_value,
});
