import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { acrossStacks, nullable, sensitive } from "./across-stacks.js";
import { EphemeralPolyaiWebhookSecret } from "./bindings/ephemeral-polyai-webhook-secret/index.js";
import { WebhookSecret } from "./bindings/webhook-secret/index.js";
import * as check from "./checks.js";
import { ensureDefaultProvider } from "./polyai-provider.js";
import {
  defaultOutputName,
  pairProblem,
  type PolyWebhookSecretProps,
  rivalProblem,
  SECRET_RULES,
} from "./secret-props.js";

/** Options for opening a secret. */
export interface PolyRevealOptions {
  /**
   * The age identity of one of the recipients, from an ephemeral variable. It must be a token.
   *
   * @default - `POLYAI_AGE_IDENTITY` where Terraform runs
   */
  readonly identity?: string;
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
    secret.resource.importFrom(props.endpointId, secret.resource.provider);
    return secret;
  }

  /** The current secret. Sensitive. Null with `encryptTo`. */
  public readonly signingSecret: string;
  /**
   * The secret before, null at first and with `encryptTo`: a receiver can accept both while it rolls
   * over. Sensitive.
   */
  public readonly previousSigningSecret: string;
  /** With `encryptTo`, the current secret as an ASCII-armored age file; null without. */
  public readonly encryptedSigningSecret: string;
  /** The first 16 hex digits of the secret's SHA-256: safe to show, to compare, to trigger on. */
  public readonly fingerprint: string;
  /** A whole number that is another one for another secret; it drives `*_wo_version` arguments. */
  public readonly signingSecretVersion: number;
  /** The number of rotations by this resource. A replacement starts at 1. */
  public readonly rotationCount: number;
  /** When the secret was last rotated, as an RFC 3339 time. */
  public readonly rotatedAt: string;
  /** From when on a plan rotates the secret for its age, RFC 3339; null without `rotateAfterDays`. */
  public readonly nextRotationAt: string;
  /** Why the secret changed last, such as `created` or `trigger changed: incident`. */
  public readonly rotationReason: string;
  /** The L1 resource, for overrides, lifecycle and whatever else this construct does not show. */
  public readonly resource: WebhookSecret;

  /**
   * @param scope the stack, or a construct inside it.
   * @param id unique among its siblings; it names the resource and the output.
   * @throws if a literal cannot be right: an endpoint id that is none, days below 1, an unknown
   * `onDestroy`, a secret.
   */
  public constructor(scope: Construct, id: string, props: PolyWebhookSecretProps) {
    super(scope, id);
    const given = check.properties(`PolyWebhookSecret ${this.node.path}`, props, SECRET_RULES, [
      "endpointId",
    ]);
    const { outputName, exportSecret = true, ...config } = given;
    const stack = TerraformStack.of(this);
    this.refuse(pairProblem(given) ?? rivalProblem(stack, given));
    // "Default" adds nothing to the address: polyai_webhook_secret.AlertsSecret.
    this.resource = new WebhookSecret(this, "Default", config);
    this.signingSecret = acrossStacks(this.resource.signingSecret, stack, sensitive);
    this.previousSigningSecret = acrossStacks(
      this.resource.previousSigningSecret,
      stack,
      (previous) => sensitive(nullable(previous)),
    );
    this.encryptedSigningSecret = this.resource.encryptedSigningSecret;
    this.fingerprint = this.resource.fingerprint;
    this.signingSecretVersion = this.resource.signingSecretVersion;
    this.rotationCount = this.resource.rotationCount;
    this.rotatedAt = acrossStacks(this.resource.rotatedAt, stack, nullable);
    this.nextRotationAt = acrossStacks(this.resource.nextRotationAt, stack, nullable);
    this.rotationReason = this.resource.rotationReason;

    if (given.provider === undefined) ensureDefaultProvider(stack);
    if (exportSecret) this.exportSecret(stack, outputName);
  }

  /**
   * Opens the secret of a construct with `encryptTo`, in an ephemeral resource (Terraform 1.10,
   * OpenTofu 1.11): its `signingSecret` fits write-only arguments and provider configurations, and
   * is in no plan and no state. It never rotates, and never asks PolyAI. CDK Terrain wants these
   * versions declared, as `targetVersions` in cdktf.json.
   *
   * @param id names the ephemeral resource, below this construct.
   * @throws without `encryptTo`, and if the identity is a literal.
   * @example
   * new SecretsmanagerSecretVersion(this, "Version", {
   *   secretId: receiverSecret.id,
   *   secretStringWo: secret.reveal("Opened").signingSecret,
   *   secretStringWoVersion: secret.signingSecretVersion,
   * });
   */
  public reveal(id: string, options: PolyRevealOptions = {}): EphemeralPolyaiWebhookSecret {
    if (this.resource.encryptToInput === undefined) {
      this.refuse(
        "reveal opens what encryptTo has encrypted, and there is no encryptTo: signingSecret is the secret.",
      );
    }
    const given = check.properties(`PolyWebhookSecret ${this.node.path}`, options, {
      identity: check.sensitive,
    });
    return new EphemeralPolyaiWebhookSecret(this, id, {
      ...given,
      encryptedSigningSecret: this.encryptedSigningSecret,
      ...(this.resource.provider && { provider: this.resource.provider }),
    });
  }

  private refuse(problem: string | undefined): void {
    if (problem !== undefined) throw new Error(`PolyWebhookSecret ${this.node.path}: ${problem}`);
  }

  private exportSecret(stack: TerraformStack, outputName: string | undefined): void {
    const isEncrypted = this.resource.encryptToInput !== undefined;
    const name = outputName ?? defaultOutputName(this, isEncrypted);
    const output = new TerraformOutput(this, name, {
      value: isEncrypted ? this.encryptedSigningSecret : this.signingSecret,
      sensitive: !isEncrypted,
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
