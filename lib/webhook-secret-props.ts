import type { TerraformStack } from "cdktf";
import { MAX_ID_LENGTH } from "../src/facts.js";
import { IDS } from "../src/generated/api-facts.js";
import { WebhookSecret } from "./bindings/webhook-secret/index.js";
import * as check from "./checks.js";
import { type PolySecretRotationProps, ROTATION_RULES } from "./secret-rotation-props.js";

/** Properties of a `PolyWebhookSecret`. Every value may be a token. */
export interface PolyWebhookSecretProps extends PolySecretRotationProps {
  /** The webhook endpoint whose secret this is, such as `whe_1a2b3c`. A change replaces. */
  readonly endpointId: string;

  /**
   * A secret of the endpoint that is known already, to adopt at creation instead of rotating: the
   * `signingSecret` of a new endpoint, or a sensitive variable. It must be a token.
   *
   * @default - creation rotates
   */
  readonly initialSecret?: string;

  /**
   * The same as a write-only argument (Terraform and OpenTofu 1.11), for `encryptTo`: it never is in
   * a plan or state. It must be a token.
   *
   * @default - creation rotates
   */
  readonly initialSecretWo?: string;

  /**
   * A whole number that tells one `initialSecretWo` from the next.
   *
   * @default - none; required with `initialSecretWo`
   */
  readonly initialSecretWoVersion?: number;
}

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
  const missing = pair.filter((name) => props[name] === undefined);
  const given = pair.filter((name) => props[name] !== undefined);
  return missing.length === given.length
    ? `${given.join()} must be given together with ${missing.join()}.`
    : undefined;
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
