import { Construct } from "constructs";
import { HEADER_NAME, HTTPS_URL, RESERVED_HEADER } from "../src/facts.js";
import { SETTINGS, WORDS } from "../src/generated/api-facts.js";
import { WebhookEventType } from "./api-facts.js";
import { WebhookEndpoint, type WebhookEndpointConfig } from "./bindings/webhook-endpoint/index.js";
import * as check from "./checks.js";
import { PolyWebhookSecret } from "./poly-webhook-secret.js";
import { defaultOutputName, type PolySecretRotationProps, ROTATION_RULES } from "./secret-props.js";

/** Properties of a `PolyWebhookEndpoint`: the endpoint, and when its secret rotates. */
export interface PolyWebhookEndpointProps
  extends
    PolySecretRotationProps,
    Pick<WebhookEndpointConfig, "url" | "headers" | "timeoutMs" | "enabled"> {
  /** @default - the construct's id */
  readonly name?: string;

  /** @default - all that this version of the package knows */
  readonly eventTypes?: WebhookEventType[];
}

/**
 * A webhook endpoint and its signing secret together.
 *
 * The secret that PolyAI makes with the endpoint is adopted, so that nothing rotates until a trigger
 * changes. With `encryptTo` it is rotated once at creation, and only the ciphertext of the new one is
 * kept as the current secret; the dead first one stays in the endpoint's state.
 *
 * @example
 * const endpoint = new PolyWebhookEndpoint(this, "OnCall", {
 *   url: "https://alerts.example.com/polyai",
 *   rotationTrigger: "2026-Q4",
 * });
 * new SecretsmanagerSecretVersion(this, "Version", {
 *   secretId: receiverSecret.id,
 *   secretString: endpoint.secret.signingSecret,
 * });
 */
export class PolyWebhookEndpoint extends Construct {
  /** The endpoint's id. */
  public readonly endpointId: string;
  /** The endpoint's secret, always the current one. */
  public readonly secret: PolyWebhookSecret;
  /** The L1 resource of the endpoint, for overrides, lifecycle and whatever else. */
  public readonly resource: WebhookEndpoint;

  /**
   * @param scope the stack, or a construct inside it.
   * @param id unique among its siblings; it names the resources and the output.
   * @throws if a literal cannot be right.
   */
  public constructor(scope: Construct, id: string, props: PolyWebhookEndpointProps) {
    super(scope, id);
    const given = check.properties(`PolyWebhookEndpoint ${this.node.path}`, props, RULES, ["url"]);
    const { url, name = id, eventTypes = WebhookEventType.all(), ...rest } = given;
    const { headers, timeoutMs, enabled, ...rotation } = rest;
    const { provider, outputName = defaultOutputName(this, given.encryptTo !== undefined) } =
      rotation;
    this.resource = new WebhookEndpoint(this, "Default", {
      url,
      name,
      eventTypes: check.isToken(eventTypes)
        ? (eventTypes as readonly unknown[] as string[])
        : eventTypes.map(check.wordOf),
      ...(headers && { headers }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(enabled !== undefined && { enabled }),
      ...(provider && { provider }),
    });
    this.endpointId = this.resource.id;
    this.secret = new PolyWebhookSecret(this, "Secret", {
      ...rotation,
      outputName,
      endpointId: this.endpointId,
      ...(rotation.encryptTo === undefined && { initialSecret: this.resource.signingSecret }),
    });
  }
}

const { name: NAME, timeout_ms: TIMEOUT } = SETTINGS.CreateWebhookEndpointRequest;

const RULES: check.Rules<PolyWebhookEndpointProps> = {
  url: check.text(
    "a URL that begins with https://, such as https://example.com/webhooks/polyai",
    (value) => HTTPS_URL.test(value),
  ),
  name: check.text(
    `text of ${NAME.minLength} to ${NAME.maxLength} characters on one line`,
    (value) => check.isLine(value) && [...value].length <= NAME.maxLength,
  ),
  eventTypes: check.listOf(
    "event types",
    check.constant("WebhookEventType", WORDS.WebhookEventType),
  ),
  // Headers often carry credentials.
  headers: check.mapOf(
    check.text("text on one line", (value) => !/\p{Cc}/u.test(value), check.conceal),
    check.conceal,
    check.text(
      "a header that HTTP allows and PolyAI does not set itself",
      (name) => HEADER_NAME.test(name) && !RESERVED_HEADER.test(name),
      check.conceal,
    ),
  ),
  timeoutMs: check.whole(" of milliseconds", TIMEOUT.minimum, TIMEOUT.maximum),
  enabled: check.flag,
  ...ROTATION_RULES,
};
