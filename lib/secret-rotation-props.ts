import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type Fault, isOptionalToken, isToken, isWhole, providerFault, show } from "./checks.js";

/** When a signing secret rotates, who may read it, and where it goes. */
export interface PolySecretRotationProps {
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

/** The first that is wrong with these properties, if any is. */
export const rotationFault = (props: PolySecretRotationProps): Fault =>
  rotationTriggersFault(props.rotationTriggers) ??
  rotateAfterDaysFault(props.rotateAfterDays) ??
  onDestroyFault(props.onDestroy) ??
  encryptToFault(props.encryptTo) ??
  outputNameFault(props.outputName) ??
  providerFault(props.provider);

const rotationTriggersFault = (value: unknown): Fault =>
  isOptionalToken(value) || (typeof value === "object" && !Array.isArray(value))
    ? undefined
    : `rotationTriggers must be a map of names to strings, not ${show(value)}.`;

const rotateAfterDaysFault = (value: unknown): Fault =>
  isOptionalToken(value) || isWhole(value, 1)
    ? undefined
    : `rotateAfterDays must be a whole number of days, 1 or more, not ${show(value)}.`;

const onDestroyFault = (value: unknown): Fault =>
  isOptionalToken(value) || value === "keep" || value === "invalidate"
    ? undefined
    : `onDestroy must be "keep" or "invalidate", not ${show(value)}.`;

function encryptToFault(value: unknown): Fault {
  if (isOptionalToken(value)) return undefined;
  if (!Array.isArray(value) || value.length === 0) {
    return "encryptTo must be a list of age recipients, one at least. Leave it out to encrypt to nobody.";
  }
  // In place of a recipient there may be an identity, a private key: no value is shown.
  return value.every((each) => isToken(each) || /^age1[a-z0-9]+$/.test(String(each)))
    ? undefined
    : 'encryptTo must be age recipients, which begin with "age1"; `age-keygen -y` shows the ' +
        "recipient of an identity.";
}

/** A token cannot name an output: names are fixed at synth. */
const outputNameFault = (value: unknown): Fault =>
  value === undefined ||
  (typeof value === "string" && !isToken(value) && /^[A-Za-z_][A-Za-z0-9_-]*$/.test(value))
    ? undefined
    : "outputName must be a name for a Terraform output, a letter or underscore and then letters, " +
      `digits, underscores or hyphens, not ${show(value)}. To export nothing, set exportSecret to ` +
      "false.";
