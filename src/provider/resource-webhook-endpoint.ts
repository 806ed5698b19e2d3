import { defineResource } from "../plugin/framework/resource.js";
import { redact } from "../plugin/logging/redaction.js";
import { bool, mapOf, number, setOf, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import {
  atLeast,
  atMost,
  everyElement,
  integer,
  lengthBetween,
  notEmpty,
  oneOf,
} from "../plugin/schema/validators.js";
import type { StateOf } from "../plugin/schema/values.js";
import {
  WEBHOOK_EVENT_TYPES,
  type WebhookEndpoint,
  type WebhookEventType,
} from "../polyai/webhook-endpoints.js";
import {
  assertSameOrigin,
  attempt,
  attemptCreation,
  attemptDeletion,
  attemptRead,
  gone,
  madeAt,
  untilReadable,
} from "./api-calls.js";
import type { Client } from "./client.js";
import { assertImportId, webhookEndpointId } from "./ids.js";
import { fingerprintOf } from "./webhook-secret/decide.js";
import { changesBetween, kept } from "./settings.js";

const DEFAULT_TIMEOUT_MS = 5000;
const recomputes = ["updated_at"];

const schema = defineSchema({
  description:
    "A webhook endpoint: a URL to which PolyAI delivers events, signed. An account may have 10 of them.",
  attributes: {
    id: string.computed({
      description: "The endpoint's id, such as `whe_9ZtRcXw3nByK5pVqMaEfJs`.",
    }),
    name: string.required({
      description: "Name of the endpoint, 1 to 255 characters.",
      validate: [lengthBetween(1, 255)],
      recomputes,
    }),
    url: string.required({
      description: "Where deliveries go. It must begin with `https://`.",
      validate: [httpsUrl],
      recomputes,
    }),
    event_types: setOf(string).required({
      description:
        "Which events are delivered, one at least: `alerts.triggered`, `alerts.resolved`.",
      validate: [notEmpty, everyElement(oneOf(...WEBHOOK_EVENT_TYPES))],
      recomputes,
    }),
    headers: mapOf(string).optional({
      description:
        "HTTP headers that PolyAI sends with each delivery, by name. They are sensitive as a whole, since such headers often carry credentials, and are stored in the state.",
      sensitive: true,
      recomputes,
    }),
    timeout_ms: number.defaulted({
      description: `How long the receiver may take to answer a delivery, in milliseconds: 1000 to 30000. ${String(DEFAULT_TIMEOUT_MS)} where it is left out.`,
      default: DEFAULT_TIMEOUT_MS,
      validate: [integer, atLeast(1000), atMost(30_000)],
      recomputes,
    }),
    enabled: bool.defaulted({
      description: "Whether events are delivered. `true` where it is left out.",
      default: true,
      recomputes,
    }),
    signing_secret: string.computed({
      description:
        "The secret that PolyAI made with the endpoint and shows this once only: null after import. It is not valid any more once the secret was rotated; hand it to `polyai_webhook_secret` as `initial_secret`, whose `signing_secret` is always the current one. It is stored in the state.",
      sensitive: true,
    }),
    created_at: string.computed({ description: "When the endpoint was created, RFC 3339." }),
    updated_at: string.computed({ description: "When it was last changed, RFC 3339." }),
  },
});

type State = StateOf<(typeof schema)["attributes"]>;
/** What the practitioner sets, whether planned or in a state. */
type Settings = Pick<State, "name" | "url" | "event_types" | "headers" | "timeout_ms" | "enabled">;

const SETTINGS = ["name", "url", "event_types", "headers", "timeout_ms", "enabled"];

export const webhookEndpoint = defineResource<Client>()({
  typeName: "polyai_webhook_endpoint",
  schema,
  identity: "id",

  async create({ plan, client }) {
    const created = await attemptCreation(
      client.api.webhookEndpoints.create(settingsOf(plan)),
      { action: `create webhook endpoint ${JSON.stringify(plan.name)}`, attributes: SETTINGS },
      "polyai_webhook_endpoints",
    );
    const { id, signingSecret, createdAt, updatedAt } = created;
    redact(signingSecret);
    client.rotated.set(id, fingerprintOf(signingSecret));
    return {
      state: {
        ...plan,
        id,
        signing_secret: signingSecret,
        created_at: createdAt,
        updated_at: updatedAt,
      },
      privateState: madeAt(client),
      diagnostics: await untilReadable(`Webhook endpoint ${id}`, () =>
        client.api.webhookEndpoints.get(id),
      ),
    };
  },

  async read({ state, privateState, client }) {
    const { id, action } = named("read", state);
    const endpoint = await attemptRead(client.api.webhookEndpoints.get(id), { action });
    if (endpoint !== undefined) {
      return { state: webhookEndpointState(endpoint, state), privateState: madeAt(client) };
    }
    assertSameOrigin(client, privateState, { action });
    return { state: null, diagnostics: [gone(`Webhook endpoint ${id}`, client)] };
  },

  async update({ plan, state, client }) {
    const { id, action } = named("update", state);
    const changes = changesBetween(settingsOf(state), settingsOf(plan));
    const updated =
      Object.keys(changes).length === 0
        ? undefined
        : await attempt(client.api.webhookEndpoints.update(id, changes), {
            action,
            attributes: SETTINGS,
          });
    return {
      state: {
        ...plan,
        id,
        signing_secret: state.signing_secret,
        created_at: state.created_at,
        updated_at: updated?.updatedAt ?? state.updated_at,
      },
    };
  },

  delete({ state, privateState, client }) {
    const { id, action } = named("delete", state);
    return attemptDeletion(client.api.webhookEndpoints.delete(id), { action }, () => {
      assertSameOrigin(client, privateState, { action });
    });
  },

  async importState({ id, client }) {
    assertImportId(webhookEndpointId, id);
    const { action } = named("import", { id });
    const endpoint = await attempt(client.api.webhookEndpoints.get(id), { action });
    return { state: webhookEndpointState(endpoint), privateState: madeAt(client) };
  },
});

function named(verb: string, { id }: { readonly id: string | null }) {
  const known = id ?? "";
  return { id: known, action: `${verb} webhook endpoint ${known}` };
}

const settingsOf = ({ name, url, event_types, headers, timeout_ms, enabled }: Settings) => ({
  name,
  url,
  eventTypes: [...event_types].sort() as WebhookEventType[],
  headers: Object.fromEntries(headers ?? []),
  timeoutMs: timeout_ms ?? DEFAULT_TIMEOUT_MS,
  enabled: enabled ?? true,
});

/** @param prior absent for an endpoint that is imported, or read by a data source */
export function webhookEndpointState(endpoint: WebhookEndpoint, prior?: State): State {
  const read = new Map(Object.entries(endpoint.headers));
  return {
    id: endpoint.id,
    name: kept(prior?.name, endpoint.name, (name) => name.trim()),
    url: kept(prior?.url, endpoint.url, normalizedUrl),
    event_types: endpoint.eventTypes,
    // No headers are null or an empty map, whichever the configuration says.
    headers:
      read.size === 0 && (prior?.headers ?? NO_HEADERS).size === 0
        ? (prior?.headers ?? null)
        : kept(prior?.headers, read, normalizedHeaders),
    timeout_ms: endpoint.timeoutMs,
    enabled: endpoint.enabled,
    signing_secret: prior?.signing_secret ?? null,
    created_at: endpoint.createdAt,
    updated_at: endpoint.updatedAt,
  };
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

const normalizedUrl = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

/** Names of headers have no case, and no space counts around their values (RFC 9110, section 5). */
const normalizedHeaders = (headers: ReadonlyMap<string, string>): string =>
  JSON.stringify(
    [...headers].map(([name, value]) => [name.toLowerCase(), value.trim()] as const).sort(),
  );

function httpsUrl(url: string): string | undefined {
  return /^https:\/\/[^\s/]\S*$/.test(url) && URL.canParse(url)
    ? undefined
    : "It must be a URL that begins with https://, such as https://example.com/webhooks/polyai.";
}
