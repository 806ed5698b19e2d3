import { TerraformOutput, type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { WebhookSecret } from "./bindings/webhook-secret/index.js";
import { ensureDefaultProvider } from "./default-provider.js";
import { placeAtSynth } from "./stack-synthesis.js";
import { checkProps } from "./webhook-secret-props.js";

/** What a `PolyWebhookSecret` is made from. Every value may be a token. */
export interface PolyWebhookSecretProps {
  /** The webhook endpoint whose secret this is, such as `whe_1a2b3c`. A change replaces. */
  readonly endpointId: string;

  /**
   * Any text: a change of it rotates the secret, in place.
   *
   * @default - no trigger; the secret is rotated once, when it is created.
   */
  readonly rotationTrigger?: string;

  /**
   * Several reasons to rotate at once: a change of any value, or of the set of keys, rotates.
   *
   * @default - none
   */
  readonly rotationTriggers?: { [key: string]: string };

  /**
   * Rotate at the first plan that is made this many days after the last rotation; a whole number,
   * 1 or more.
   *
   * @default - age never rotates
   */
  readonly rotateAfterDays?: number;

  /**
   * What destroying the resource does to the secret: `keep` leaves it valid, `invalidate` rotates
   * one last time and throws the new secret away.
   *
   * @default keep
   */
  readonly onDestroy?: string;

  /**
   * The provider block to use: an aliased one, where the stack has several.
   *
   * @default - the stack's PolyaiProvider without an alias; where it has none, one is added that is
   * configured from the environment.
   */
  readonly provider?: TerraformProvider;

  /**
   * The name of the sensitive Terraform output that holds the secret.
   *
   * @default - the construct's id (its unique id where it is nested) and `_signing_secret`, such as
   * `AlertsSecret_signing_secret`.
   */
  readonly outputName?: string;

  /**
   * Whether the stack gets a Terraform output for the secret. References from other constructs,
   * and from other stacks, work without it.
   *
   * @default true
   */
  readonly exportSecret?: boolean;
}

/**
 * The signing secret of a PolyAI webhook endpoint, rotated by Terraform.
 *
 * Creating it rotates the endpoint's secret, since PolyAI shows a secret only then; from there on,
 * a changed trigger rotates it in place. The old secret is invalid from that moment: hand the new
 * one to its receivers in the same apply, as the example does.
 *
 * The properties are tokens that Terraform fills in at apply. Synth never reads a secret.
 *
 * @example
 * const secret = new PolyWebhookSecret(this, "AlertsSecret", {
 *   endpointId: "whe_1a2b3c",
 *   rotationTrigger: "2026-Q4",
 * });
 * new SecretsmanagerSecretVersion(this, "Version", {
 *   secretId: receiverSecret.id,
 *   secretString: secret.signingSecret,
 * });
 */
export class PolyWebhookSecret extends Construct {
  /**
   * A secret whose endpoint already has one that receivers use: the resource is imported, by an
   * `import` block (Terraform 1.5, OpenTofu 1.6), in the first apply.
   *
   * With `POLYAI_SIGNING_SECRET` set where Terraform runs, that secret is adopted and stays valid
   * until a trigger changes. Without it, the secret is not known, and the first apply rotates it.
   *
   * @param props as for the constructor; a token as `endpointId` needs Terraform 1.6 or later.
   */
  public static importEndpoint(
    scope: Construct,
    id: string,
    props: PolyWebhookSecretProps,
  ): PolyWebhookSecret {
    const secret = new PolyWebhookSecret(scope, id, props);
    secret.resource.importFrom(props.endpointId, props.provider);
    return secret;
  }

  /** The current secret. Sensitive. */
  public readonly signingSecret: string;
  /** The secret before, null at first: a receiver can accept both while it rolls over. Sensitive. */
  public readonly previousSigningSecret: string;
  /** The first 16 hex digits of the secret's SHA-256: safe to show, to compare, to trigger on. */
  public readonly fingerprint: string;
  /** How often this resource has rotated the secret; it drives `*_wo_version` arguments. */
  public readonly rotationCount: number;
  /** When the secret was last rotated, as an RFC 3339 time. */
  public readonly rotatedAt: string;
  /** The L1 resource, for overrides, lifecycle and whatever else this construct does not show. */
  public readonly resource: WebhookSecret;

  /**
   * @param scope the stack, or a construct inside it.
   * @param id unique among its siblings; it names the resource and the output.
   * @throws where a literal cannot be right: an endpoint id that is none, days below 1, an unknown
   * `onDestroy`.
   */
  public constructor(scope: Construct, id: string, props: PolyWebhookSecretProps) {
    super(scope, id);
    checkProps(this.node.path, props);

    const { outputName, exportSecret = true, ...config } = props;
    // "Default" adds nothing to the address: polyai_webhook_secret.AlertsSecret.
    this.resource = new WebhookSecret(this, "Default", config);
    this.signingSecret = this.resource.signingSecret;
    this.previousSigningSecret = this.resource.previousSigningSecret;
    this.fingerprint = this.resource.fingerprint;
    this.rotationCount = this.resource.rotationCount;
    this.rotatedAt = this.resource.rotatedAt;

    const stack = TerraformStack.of(this);
    ensureDefaultProvider(stack);
    // Also here, since an aspect adds the default provider when the stack is already being
    // synthesized.
    placeAtSynth(stack);
    if (exportSecret) this.exportSecret(stack, outputName);
  }

  private exportSecret(stack: TerraformStack, outputName: string | undefined): void {
    const name = outputName ?? `${stack.getLogicalId(this.node)}_signing_secret`;
    const output = new TerraformOutput(this, name, {
      value: this.signingSecret,
      sensitive: true,
      staticId: true,
    });
    // Two outputs of one name would silently become one.
    output.node.addValidation({
      validate: () =>
        stack.node
          .findAll()
          .filter((node) => TerraformOutput.isTerraformOutput(node))
          .filter((other) => other !== output && TerraformStack.of(other) === stack)
          .filter((other) => other.friendlyUniqueId === name)
          .map((other) => `${other.node.path} is an output named "${name}", too: set outputName`),
    });
  }
}
