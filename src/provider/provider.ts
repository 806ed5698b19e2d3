import {
  API_KEY,
  API_KEY_HEADER,
  DEFAULT_MAX_RETRIES,
  DEFAULT_REQUEST_TIMEOUT_S,
  MOST_REQUEST_TIMEOUT_S,
  MOST_RETRIES,
} from "../facts.js";
import { error, warning } from "../plugin/framework/diagnostic.js";
import { defineProvider } from "../plugin/framework/provider.js";
import { createLogger } from "../plugin/logging/logger.js";
import { redact } from "../plugin/logging/redaction.js";
import { number, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { atLeast, atMost, integer, matches } from "../plugin/schema/validators.js";
import { isUnknown } from "../plugin/cty/value.js";
import { PolyaiClient, type Surroundings } from "../polyai/client.js";
import { ConfigError } from "../polyai/errors.js";
import {
  baseUrlProblem,
  placeOf,
  regionProblem,
  settingOf,
  type Place,
} from "../polyai/regions.js";
import { activeAlertsDataSource } from "./data-source-active-alerts.js";
import { alertRule } from "./resource-alert-rule.js";
import { alertRuleDataSource } from "./data-source-alert-rule.js";
import { alertRulesDataSource } from "./data-source-alert-rules.js";
import type { Client } from "./client.js";
import { alertRuleList, webhookEndpointList, webhookSecretList } from "./list-resources.js";
import { ephemeralWebhookSecret } from "./webhook-secret/ephemeral.js";
import { settingsOf } from "./settings.js";
import { KnownSecret } from "./webhook-secret/adopt.js";
import { endpoints } from "./webhook-secret/endpoint.js";
import { sign } from "./function-sign.js";
import { verify } from "./function-verify.js";
import { VERSION } from "./version.js";
import { webhookEndpoint } from "./resource-webhook-endpoint.js";
import { webhookEndpointDataSource } from "./data-source-webhook-endpoint.js";
import { webhookEndpointsDataSource } from "./data-source-webhook-endpoints.js";
import { webhookSecret } from "./webhook-secret/resource.js";

const schema = defineSchema({
  description:
    "Manages [PolyAI](https://poly.ai)'s alerts: webhook endpoints, the rotation of their signing secrets, and alert rules. The key, the region and the URL may come from the environment instead.",
  attributes: {
    api_key: string.optional({
      description: `API key of the PolyAI account, sent as \`${API_KEY_HEADER}\`. Defaults to \`POLYAI_API_KEY\` from the environment. It is stored in no state and shown in no log.`,
      sensitive: true,
      validate: [matches(API_KEY, "one line of printable ASCII with no spaces, and not empty")],
    }),
    region: string.optional({
      description:
        "Region of the account: `us`, `uk`, `eu` or `studio`. Defaults to `POLYAI_REGION` from the environment, else `us`.",
      validate: [regionProblem],
    }),
    base_url: string.optional({
      description:
        "URL of the API, for the simulator or a proxy, instead of the region's own. Plain http goes to loopback only. Defaults to `POLYAI_BASE_URL` from the environment.",
      validate: [baseUrlProblem],
    }),
    max_retries: number.optional({
      description: `Number of retries after a transient failure. Default ${String(DEFAULT_MAX_RETRIES)}; 0 disables. No retry starts later than five minutes after the first try.`,
      validate: [integer, atLeast(0), atMost(MOST_RETRIES)],
    }),
    request_timeout: number.optional({
      description: `How long one request may take, in seconds. Default ${String(DEFAULT_REQUEST_TIMEOUT_S)}.`,
      validate: [atLeast(1), atMost(MOST_REQUEST_TIMEOUT_S)],
    }),
  },
});

/** @param surroundings for tests: another transport or clock */
export const createProvider = (surroundings: Surroundings = {}) =>
  defineProvider<Client>()({
    schema,

    async configure({ config, terraformVersion, stop }) {
      const { api_key, region, base_url, max_retries, request_timeout } = config;
      if (
        isUnknown(api_key) ||
        isUnknown(region) ||
        isUnknown(base_url) ||
        isUnknown(max_retries) ||
        isUnknown(request_timeout)
      ) {
        return { client: undefined };
      }
      const key = settingOf("api_key", api_key);
      if (key === undefined) return { client: undefined, problem: MISSING_KEY };
      const knownSigningSecret = process.env["POLYAI_SIGNING_SECRET"] || undefined;
      if (knownSigningSecret !== undefined) redact(knownSigningSecret);
      let place: Place;
      let api: PolyaiClient;
      try {
        place = placeOf(settingOf("region", region), settingOf("base_url", base_url));
        api = new PolyaiClient(
          {
            apiKey: key.value,
            apiKeySource: key.source,
            place,
            maxRetries: max_retries ?? DEFAULT_MAX_RETRIES,
            requestTimeoutMs: (request_timeout ?? DEFAULT_REQUEST_TIMEOUT_S) * 1000,
            userAgent: `terraform-provider-polyai/${VERSION} (Terraform ${terraformVersion})`,
            redact,
            logger: createLogger("provider.polyai"),
            signal: stop,
          },
          surroundings,
        );
      } catch (failure) {
        if (!(failure instanceof ConfigError)) throw failure;
        const { setting, message } = failure;
        const summary = setting ? `Invalid ${setting}` : "Cannot configure the PolyAI client";
        return { client: undefined, problem: error(summary, message) };
      }
      return {
        client: {
          api,
          settingsFor: (id) => settingsOf(place.url, key.value, id),
          knownSecret: new KnownSecret(knownSigningSecret),
          reads: new Map(),
          endpoint: endpoints(),
        },
        diagnostics: process.env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0" ? [TRUST_STAYS] : [],
      };
    },

    resources: [alertRule, webhookEndpoint, webhookSecret],
    dataSources: [
      activeAlertsDataSource,
      alertRuleDataSource,
      alertRulesDataSource,
      webhookEndpointDataSource,
      webhookEndpointsDataSource,
    ],
    ephemeralResources: [ephemeralWebhookSecret],
    listResources: [alertRuleList, webhookEndpointList, webhookSecretList],
    functions: [sign, verify],
  });

export const provider = createProvider();

const TRUST_STAYS = warning(
  "NODE_TLS_REJECT_UNAUTHORIZED is ignored",
  "PolyAI's certificate is verified all the same, since the API key would go to any server otherwise.",
);

/** No attribute is at fault: it is reported for the object that needs the key. */
const MISSING_KEY = error(
  "Missing PolyAI API key",
  "Neither the provider block's api_key argument nor the environment variable POLYAI_API_KEY gives one; an empty variable counts as unset. Set the variable, or the argument from a sensitive variable.",
);
