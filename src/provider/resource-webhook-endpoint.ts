import { HEADER_NAME, HTTPS_URL, RESERVED_HEADER } from "../facts.js";
import { ACCOUNT_LIMITS, SETTINGS, WORDS } from "../generated/api-facts.js";
import { warning } from "../plugin/framework/diagnostic.js";
import { defineResource } from "../plugin/framework/resource.js";
import { bool, mapOf, number, setOf, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import {
  atLeast,
  atMost,
  integer,
  lengthBetween,
  oneLine,
  notEmpty,
  oneOf,
} from "../plugin/schema/validators.js";
import type { StateOf } from "../plugin/schema/values.js";
import type { Word } from "../polyai/api-types.js";
import type { WebhookEndpoint } from "../polyai/webhook-endpoints.js";
import { isStorable } from "../polyai/shape.js";
import { listed, settingsIn } from "./attributes.js";
import type { Client } from "./client.js";
import { crud, kept } from "./crud.js";
import { fingerprintOf } from "./fingerprint.js";
import { webhookEndpointId } from "./ids.js";
import type { Seen } from "./settings.js";

const { name, timeout_ms: timeout } = SETTINGS.CreateWebhookEndpointRequest;
const recomputes = ["updated_at"];

const schema = defineSchema({
  description: `A webhook endpoint: a URL to which PolyAI delivers events, signed. An account may have ${String(ACCOUNT_LIMITS.WebhookEndpoint)} of them.`,
  attributes: {
    id: string.computed({
      description: "The endpoint's id, such as `whe_9ZtRcXw3nByK5pVqMaEfJs`.",
    }),
    name: string.required({
      description: `Name of the endpoint, ${String(name.minLength)} to ${String(name.maxLength)} characters.`,
      validate: [lengthBetween(name.minLength, name.maxLength), oneLine],
      recomputes,
    }),
    url: string.required({
      description: "Where deliveries go. It must begin with `https://`.",
      validate: [httpsUrl],
      recomputes,
    }),
    event_types: setOf(string).required({
      description: `Which events are delivered, one at least: ${listed(WORDS.WebhookEventType)}.`,
      validate: [notEmpty],
      validateElement: oneOf(...WORDS.WebhookEventType),
      recomputes,
    }),
    headers: mapOf(string).optional({
      description:
        "HTTP headers that PolyAI sends with each delivery, by name. They are sensitive, since they often carry credentials, and stored in the state. A generated configuration has null for them, which removes them.",
      sensitive: true,
      validate: [distinctNames],
      validateKey: headerName,
      validateElement: oneLine,
      recomputes,
    }),
    timeout_ms: number.defaulted({
      description: `How long the receiver may take to answer a delivery, in milliseconds: ${String(timeout.minimum)} to ${String(timeout.maximum)}. Default ${String(timeout.default)}.`,
      default: timeout.default,
      validate: [integer, atLeast(timeout.minimum), atMost(timeout.maximum)],
      recomputes,
    }),
    enabled: bool.defaulted({
      description: "Whether events are delivered. Default `true`.",
      default: true,
      recomputes,
    }),
    signing_secret: string.computed({
      description:
        "The secret that PolyAI made with the endpoint and shows this once only: null after import, and if it is text that Terraform cannot keep as it is. It is not valid any more once the secret was rotated; hand it to `polyai_webhook_secret` as `initial_secret`, whose `signing_secret` is always the current one. It is stored in the state.",
      sensitive: true,
    }),
    created_at: string.computed({ description: "When the endpoint was created, RFC 3339." }),
    updated_at: string.computed({ description: "When it was last changed, RFC 3339." }),
  },
});

export const webhookEndpointAttributes = schema.attributes;
type State = StateOf<typeof webhookEndpointAttributes>;

const endpoints = crud({
  noun: "webhook endpoint",
  isId: webhookEndpointId,
  settings: settingsIn(webhookEndpointAttributes),
  dataSource: "polyai_webhook_endpoints",
  api: (client) => client.api.webhookEndpoints,
});

export const webhookEndpoint = defineResource<Client>()({
  typeName: "polyai_webhook_endpoint",
  schema,
  identity: "id",

  create: ({ plan, client }) =>
    endpoints.create(client, settingsOf(plan), (created) => {
      const { id, signingSecret, createdAt, updatedAt } = created;
      const signing_secret = isStorable(signingSecret) ? signingSecret : null;
      const endpoint = client.endpoint(id);
      endpoint.met = true;
      endpoint.look = Promise.resolve(undefined);
      endpoint.changed = { by: "its creation", fingerprint: fingerprintOf(signingSecret) };
      return { ...plan, id, signing_secret, created_at: createdAt, updated_at: updatedAt };
    }),

  read: ({ state, privateState, client }) =>
    endpoints.read(client, state, privateState, (found) => webhookEndpointState(found, state)),

  update({ plan, state, privateState, client }) {
    const { id, signing_secret, created_at } = state;
    const settings = [settingsOf(state), settingsOf(plan)] as const;
    return endpoints.update(client, state, privateState, settings, (updated) => {
      const updated_at = updated?.updatedAt ?? state.updated_at;
      return { ...plan, id, signing_secret, created_at, updated_at };
    });
  },

  plan({ priorState, plannedState, privateState }) {
    const { imported = false } = privateState as Imported;
    const removed = (priorState?.headers?.size ?? 0) > 0 && plannedState.headers === null;
    return imported && removed ? { diagnostics: [HEADERS_REMOVED] } : {};
  },

  planDestroy({ priorState, client }) {
    // The end of its secret needs no warning then.
    if (client !== undefined) client.endpoint(priorState.id ?? "").ends = true;
    return {};
  },

  delete: ({ state, privateState, client }) => endpoints.delete(client, state, privateState),

  async importState({ id, client }) {
    const { privateState, ...imported } = await endpoints.import(client, id, webhookEndpointState);
    return { ...imported, privateState: { ...privateState, imported: true } };
  },
});

/** Private state, until the first update after an import. */
interface Imported extends Seen {
  readonly imported?: boolean;
}

const HEADERS_REMOVED = warning(
  "Applying removes the headers of an imported endpoint",
  "PolyAI sends headers with the endpoint's deliveries, and the configuration has none: a generated configuration never has them, since they are sensitive. Receivers that need them, such as for authorization, then refuse deliveries. Write them into the configuration, or keep them with ignore_changes = [headers].",
  "headers",
);

type Settings = Pick<State, "name" | "url" | "event_types" | "headers" | "timeout_ms" | "enabled">;

const settingsOf = ({ name, url, event_types, headers, timeout_ms, enabled }: Settings) => ({
  name,
  url,
  eventTypes: [...event_types].sort() as Word<"WebhookEventType">[],
  headers: Object.fromEntries(headers ?? []),
  timeoutMs: timeout_ms ?? timeout.default,
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

function distinctNames(headers: ReadonlyMap<string, string>): string | undefined {
  const names = [...headers.keys()].map((name) => name.toLowerCase());
  return new Set(names).size === names.length
    ? undefined
    : "Two names differ only in case, and are the same header. Remove one.";
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

const normalizedUrl = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

/** Names of headers have no case, and no space counts around their values (RFC 9110, section 5). */
const normalizedHeaders = (headers: ReadonlyMap<string, string>): string =>
  JSON.stringify(
    [...headers].map(([name, value]) => [name.toLowerCase(), value.trim()] as const).sort(),
  );

function httpsUrl(url: string): string | undefined {
  if (HTTPS_URL.test(url) && URL.canParse(url)) return undefined;
  return url.startsWith("https://")
    ? "It must have a host, a port up to 65535 if any, and no characters but a URL's: write a name such as müller.example as xn--mller-kva.example, and others as in %7B."
    : "It must be a URL that begins with https://, such as https://example.com/webhooks/polyai.";
}

function headerName(name: string): string | undefined {
  if (RESERVED_HEADER.test(name)) return "PolyAI or HTTP sets this header. Choose another name.";
  return HEADER_NAME.test(name)
    ? undefined
    : "A header's name has letters, digits and !#$%&'*+-.^_`|~, and no spaces.";
}
