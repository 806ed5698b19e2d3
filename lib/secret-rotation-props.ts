import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { MAX_ROTATE_AFTER_DAYS } from "../src/facts.js";
import * as check from "./checks.js";

/** When a signing secret rotates, who may read it, and where it goes. */
export interface PolySecretRotationProps {
  /**
   * Any text: a change of it rotates the secret, in place. A date of synth would rotate at every
   * deploy.
   *
   * @default - no trigger; the secret is rotated once, when it is created.
   */
  readonly rotationTrigger?: string;

  /**
   * Several reasons to rotate at once: a change of any value, or of the set of keys, rotates. A
   * value that is null is absent.
   *
   * @default - none
   */
  readonly rotationTriggers?: { [key: string]: string };

  /**
   * Rotate at the first plan that is made this many days after the last rotation; a whole number,
   * 1 to 3650.
   *
   * @default - age never rotates
   */
  readonly rotateAfterDays?: number;

  /**
   * The effect of destroying the resource: `keep` leaves the secret valid, `invalidate` rotates
   * one last time and throws the new secret away.
   *
   * @default keep
   */
  readonly onDestroy?: string;

  /**
   * age recipients (`age1…`), who alone can read the secret then: the state holds it only as
   * `encryptedSigningSecret`. A change of the recipients rotates the secret.
   *
   * @default - the state holds the secret as it is, as a sensitive value
   */
  readonly encryptTo?: string[];

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
