import { type TerraformProvider, Token } from "cdktf";
import type { PolyWebhookSecretProps } from "./poly-webhook-secret.js";

/**
 * Refuses what cannot be right whatever Terraform's run brings. Tokens pass: the provider checks
 * their values at plan.
 *
 * @param path the construct's path, for the message.
 * @throws with the construct, the property and the value that it has.
 */
export function checkProps(path: string, props: PolyWebhookSecretProps): void {
  const fault =
    endpointIdFault(props.endpointId) ??
    rotationTriggersFault(props.rotationTriggers) ??
    rotateAfterDaysFault(props.rotateAfterDays) ??
    onDestroyFault(props.onDestroy) ??
    outputNameFault(props.outputName) ??
    providerFault(props.provider);
  if (fault !== undefined) throw new Error(`PolyWebhookSecret ${path}: ${fault}`);
}

const endpointIdFault = (value: unknown): string | undefined =>
  isToken(value) || (typeof value === "string" && /^whe_[A-Za-z0-9]+$/.test(value))
    ? undefined
    : `endpointId must be a webhook endpoint's id, "whe_" and letters or digits, not ${show(value)}.`;

const rotationTriggersFault = (value: unknown): string | undefined =>
  value === undefined || isToken(value) || (typeof value === "object" && !Array.isArray(value))
    ? undefined
    : `rotationTriggers must be a map of names to strings, not ${show(value)}.`;

const rotateAfterDaysFault = (value: unknown): string | undefined =>
  value === undefined || isToken(value) || (Number.isInteger(value) && (value as number) >= 1)
    ? undefined
    : `rotateAfterDays must be a whole number of days, 1 or more, not ${show(value)}.`;

const onDestroyFault = (value: unknown): string | undefined =>
  value === undefined || isToken(value) || value === "keep" || value === "invalidate"
    ? undefined
    : `onDestroy must be "keep" or "invalidate", not ${show(value)}.`;

/** A token cannot name an output: names are fixed at synth. */
const outputNameFault = (value: unknown): string | undefined =>
  value === undefined ||
  (typeof value === "string" && !isToken(value) && /^[A-Za-z_][A-Za-z0-9_-]*$/.test(value))
    ? undefined
    : "outputName must be a name for a Terraform output, a letter or underscore and then letters, " +
      `digits, underscores or hyphens, not ${show(value)}. To export nothing, set exportSecret to ` +
      "false.";

const providerFault = (provider: TerraformProvider | undefined): string | undefined =>
  provider === undefined || provider.terraformResourceType === "polyai"
    ? undefined
    : `provider must be a PolyaiProvider, not the provider ${provider.node.path}.`;

const isToken = (value: unknown): boolean => Token.isUnresolved(value);

const show = (value: unknown): string => {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};
