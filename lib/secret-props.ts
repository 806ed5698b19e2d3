import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { MAX_ID_LENGTH, MAX_ROTATE_AFTER_DAYS } from "../src/facts.js";
import { IDS } from "../src/generated/api-facts.js";
import { WebhookSecret, type WebhookSecretConfig } from "./bindings/webhook-secret/index.js";
import * as check from "./checks.js";

/** When a signing secret rotates, who may read it, and where it goes. */
export interface PolySecretRotationProps extends Pick<
  WebhookSecretConfig,
  "rotationTrigger" | "rotationTriggers" | "rotateAfterDays" | "onDestroy" | "encryptTo"
> {
  /**
   * The provider block to use: an aliased one, if the stack has several.
   *
   * @default - the stack's PolyaiProvider without an alias; if it has none, one is added that is
   * configured from the environment.
   */
  readonly provider?: TerraformProvider;

  /**
   * The name of the Terraform output that holds the secret.
   *
   * @default - the construct's id (its unique id if it is nested) and `_signing_secret`, such as
   * `AlertsSecret_signing_secret`; with `encryptTo`, `_encrypted_signing_secret`.
   */
  readonly outputName?: string;

  /**
   * Gives the stack a Terraform output for the secret: sensitive, or with `encryptTo` the
   * ciphertext. References from other constructs, and from other stacks, work without it.
   *
   * @default true
   */
  readonly exportSecret?: boolean;
}

/**
 * Properties of a `PolyWebhookSecret`. Every value may be a token; `initialSecret` and
 * `initialSecretWo` must be one.
 */
export interface PolyWebhookSecretProps
  extends
    PolySecretRotationProps,
    Pick<
      WebhookSecretConfig,
      "endpointId" | "initialSecret" | "initialSecretWo" | "initialSecretWoVersion"
    > {}

/** The name of the output if `outputName` gives none. */
export function defaultOutputName(construct: Construct, isEncrypted: boolean): string {
  const id = TerraformStack.of(construct).getLogicalId(construct.node);
  return `${id}_${isEncrypted ? "encrypted_signing_secret" : "signing_secret"}`;
}

export const ROTATION_RULES: check.Rules<PolySecretRotationProps> = {
  rotationTrigger: check.text(),
  rotationTriggers: check.mapOf(check.text()),
  rotateAfterDays: check.whole(" of days", 1, MAX_ROTATE_AFTER_DAYS),
  onDestroy: check.oneOf("keep", "invalidate"),
  // In place of a recipient there may be an identity, a private key: no value is shown.
  encryptTo: check.listOf(
    "age recipients",
    check.text(
      'an age recipient, which begins with "age1"; `age-keygen -y` shows the recipient of an ' +
        "identity",
      (value) => /^age1[a-z0-9]+$/.test(value),
      check.conceal,
    ),
    check.conceal,
  ),
  provider: check.polyaiProvider,
  outputName: check.literal(
    check.text(
      "a name for a Terraform output, a letter or underscore and then letters, digits, " +
        "underscores or hyphens (to export nothing, set exportSecret to false)",
      (value) => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(value),
    ),
  ),
  exportSecret: check.literal(check.flag),
};

export const SECRET_RULES: check.Rules<PolyWebhookSecretProps> = {
  endpointId: check.text(
    `a webhook endpoint's id, such as ${IDS.endpoint_id.example}`,
    (value) => value.length <= MAX_ID_LENGTH && new RegExp(IDS.endpoint_id.pattern).test(value),
  ),
  initialSecret: check.sensitive,
  initialSecretWo: check.sensitive,
  initialSecretWoVersion: check.whole("", Number.MIN_SAFE_INTEGER),
  ...ROTATION_RULES,
};

type Problem = string | undefined;

export function pairProblem(props: PolyWebhookSecretProps): Problem {
  const pair = ["initialSecretWo", "initialSecretWoVersion"] as const;
  const [missing, other] = pair.filter((name) => props[name] === undefined);
  if (missing === undefined || other !== undefined) return undefined;
  const [given] = pair.filter((name) => name !== missing);
  return `${given} must be given together with ${missing}.`;
}

/** Two resources for one endpoint would invalidate each other's secret: a plan refuses them, too. */
export function rivalProblem(stack: TerraformStack, props: PolyWebhookSecretProps): Problem {
  const { endpointId, provider } = props;
  if (check.isToken(endpointId)) return undefined;
  const rival = stack.node
    .findAll()
    .filter((node) => node instanceof WebhookSecret)
    .find((other) => other.endpointIdInput === endpointId && other.provider === provider);
  return (
    rival &&
    `endpointId must be of an endpoint that no other secret of the stack has: ${rival.node.path} ` +
      `has ${endpointId}, too, and each would invalidate the other's secret.`
  );
}
